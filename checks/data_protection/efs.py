"""How EFS encrypts files, and what clients send."""

from auditor import HIGH, MEDIUM, Findings, check
from auditor.members import every, some
from auditor.policy import Statement
from auditor.policy.publicity import denies_plain_http
from auditor.resources.efs import FileSystem


@check(
    "efs-encryption-at-rest",
    title="EFS file systems are encrypted at rest, with a customer managed KMS key where required",
    severity=HIGH,
    fixable="replaces the file system: the files of an existing one have to be copied",
    bad=("AWS::EFS::FileSystem: {ThroughputMode: elastic}", "AWS::EFS::FileSystem: {Encrypted: false}"),
    good=("AWS::EFS::FileSystem: {Encrypted: true}", "AWS::EFS::FileSystem: {Encrypted: true, KmsKeyId: key}"),
)
def encryption_at_rest(files: FileSystem) -> Findings:
    """Home folders and training data of a whole team are on such a file system, and in its backups.

    Fix: set Encrypted to true, with a KmsKeyId where the data calls for a key of your own.
    """
    if not files.encrypted:
        yield files.fail("is not encrypted", at="encrypted", expected="true")


_POLICY = """
        AWS::EFS::FileSystem:
          FileSystemPolicy:
            Statement:
              - {Effect: Allow, Principal: {AWS: "*"}, Action: "elasticfilesystem:ClientMount"}
              - {Effect: %s, Principal: {AWS: "*"}, Action: "%s", Condition: {Bool: {"aws:SecureTransport": "%s"}}}
        """


@check(
    "efs-encryption-in-transit",
    title="EFS file system policies deny mounts without TLS",
    severity=MEDIUM,
    bad=(
        "AWS::EFS::FileSystem: {Encrypted: true}",
        _POLICY % ("Allow", "*", "true"),
        _POLICY % ("Deny", "elasticfilesystem:ClientWrite", "false"),
    ),
    good=(
        _POLICY % ("Deny", "*", "false"),
        _POLICY % ("Deny", "elasticfilesystem:Client*", "false"),
    ),
)
def encryption_in_transit(files: FileSystem) -> Findings:
    """NFS by itself is not encrypted: whoever is on the way reads the files, unless the policy makes clients use TLS.

    Fix: add a FileSystemPolicy that denies all actions to everyone ("*") where aws:SecureTransport is false, and mount
    with the EFS mount helper and its option tls.
    """
    policy = files.file_system_policy
    if policy is None or not some(policy.statements, _keeps_plain_mounts_out):
        yield files.fail("accepts mounts without TLS", at="file_system_policy")


def _keeps_plain_mounts_out(statement: Statement) -> bool:
    """A file system's policy is about that file system only, whatever its resources say."""
    return every(lambda: denies_plain_http(statement), lambda: statement.concerns("elasticfilesystem:ClientMount"))
