"""Websites that S3 serves itself."""

from auditor import MEDIUM, Findings, Inventory, check
from auditor.members import every, some
from auditor.resources.account import Account
from auditor.resources.s3 import Bucket

_SITE = """
        Resources:
          Demo:
            Type: AWS::S3::Bucket
            Properties: {WebsiteConfiguration: {%s}%s}
          Reading:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Demo
              PolicyDocument:
                Statement: [{Effect: Allow, Principal: %s, Action: s3:GetObject, Resource: !Sub "${Demo.Arn}/*"}]
        """
_BLOCK = ", PublicAccessBlockConfiguration: {BlockPublicPolicy: true, RestrictPublicBuckets: true}"
_EDGE = "{Service: cloudfront.amazonaws.com}"


@check(
    "s3-bucket-website-public",
    title="ML demo sites are not served from public website buckets",
    severity=MEDIUM,
    uses=(Account,),
    bad=(
        _SITE % ("IndexDocument: index.html", "", '"*"'),
        "AWS::S3::Bucket: {WebsiteConfiguration: {IndexDocument: index.html}, AccessControl: PublicRead}",
    ),
    good=(
        _SITE % ("IndexDocument: index.html", _BLOCK, '"*"'),
        _SITE % ("IndexDocument: index.html", "", _EDGE),
        _SITE % ("RedirectAllRequestsTo: {HostName: example.com}", "", '"*"'),
        "AWS::S3::Bucket: {BucketName: models}",
    ),
)
def bucket_website_public(bucket: Bucket, inventory: Inventory) -> Findings:
    """A website endpoint speaks plain HTTP only, has no login and no firewall, and serves all that is in the bucket.

    Fix: take WebsiteConfiguration and the public grant away, and serve the bucket through CloudFront with origin access
    control, where a certificate, a login and a web application firewall can be added.
    """
    accounts = [account for account in inventory.of(Account) if account.scope.account == bucket.scope.account]

    def by_policy() -> bool:
        return bool(bucket.public_statements(accounts))

    if every(
        lambda: bool(bucket.website) and "RedirectAllRequestsTo" not in bucket.website,
        lambda: not every(lambda: not _read_by_acl(bucket, accounts), lambda: not by_policy()),
    ):
        yield bucket.fail("serves a website that anyone can read, without TLS", at="website")


def _read_by_acl(bucket: Bucket, accounts: list[Account]) -> bool:
    def ignores(owner: Bucket | Account) -> bool:
        block = owner.public_access_block
        return block is not None and block.ignore_public_acls

    def is_open() -> bool:
        everyone = some(bucket.grants, lambda grant: (grant.grantee_uri or "").endswith("/global/AllUsers"))
        return everyone or (bucket.access_control or "").startswith("Public")

    owners: tuple[Bucket | Account, ...] = (bucket, *accounts)
    return every(is_open, lambda: not some(owners, ignores))
