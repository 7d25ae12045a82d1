"""KMS keys."""

from auditor import MEDIUM, Findings, Inventory, Resource, check
from auditor.members import some
from auditor.resources.kms import AwsManagedKey, Key


@check(
    "kms-key-rotation",
    title="Customer managed KMS keys rotate automatically",
    severity=MEDIUM,
    fixable=True,
    bad=(
        "AWS::KMS::Key: {Description: models}",
        "AWS::KMS::Key: {KeySpec: SYMMETRIC_DEFAULT, EnableKeyRotation: false}",
    ),
    good=(
        "AWS::KMS::Key: {EnableKeyRotation: true}",
        "AWS::KMS::Key: {KeySpec: RSA_4096, KeyUsage: SIGN_VERIFY}",
        "AWS::KMS::Key: {Origin: EXTERNAL}",
    ),
)
def key_rotation(key: Key) -> Findings:
    """Rotation limits how much data a leaked key opens, and is free of work: old data stays readable.

    Only symmetric keys whose material KMS made can rotate by themselves.

    Fix: set EnableKeyRotation to true.
    """
    if key.can_rotate and not key.enable_key_rotation:
        yield key.fail("does not rotate", at="enable_key_rotation", expected="true")


def is_customer_managed(key: str, user: Resource, inventory: Inventory) -> bool:
    """Whether a key that a resource is encrypted with is not one that AWS made for a service.

    Args:
        key: its id, ARN or alias. Checks that ask this declare `uses=(AwsManagedKey,)`.
    """
    if "alias/aws/" in key:
        return False
    return not some(inventory.beside(AwsManagedKey, user), lambda managed: managed.answers_to(key))
