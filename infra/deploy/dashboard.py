"""The dashboard's files in their bucket, from which CloudFront serves them."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from infra.dashboard import files, headers
from infra.dashboard.files import INDEX, File
from infra.deploy.aws import buckets, changes
from infra.deploy.aws.changes import Change
from infra.deploy.aws.template import REMADE
from infra.deploy.site import Site

# The bucket deletes what has this tag after 30 days (infra/deploy/fragments/site.yaml).
_RETIRED = {"Key": "retired", "Value": "yes"}


def publish(site: Site, built: Sequence[File]) -> None:
    """Put the files into the bucket, the page last: it names the others. What no page names any more is retired."""
    s3, bucket = site.account.client("s3"), site.place.site_bucket
    for path, kind, content in sorted(built, key=lambda file: (file.path == INDEX, file.path)):
        s3.put_object(
            Bucket=bucket,
            Key=path,
            Body=content,
            ContentType=kind,
            CacheControl=headers.caching(path),
            ExpectedBucketOwner=site.place.account,
        )
    _retire(s3, bucket, {file.path for file in built})


def clear(site: Site) -> None:
    """Remove all files, so that the bucket can be deleted with the stack."""
    s3 = site.account.client("s3")
    if buckets.is_ours(s3, site.place.site_bucket, site.account.id):
        buckets.empty(s3, site.place.site_bucket)


def remove(site: Site) -> None:
    """Remove the bucket too, if a stack has left it behind."""
    clear(site)
    buckets.delete(site.account.client("s3"), site.place.site_bucket)


def clear_if_going(site: Site, intended: Iterable[Change]) -> None:
    """As `clear` if the changes remove the bucket: CloudFormation removes empty ones only."""
    if any(changes.verb(each) == "remove" and each["LogicalResourceId"] in REMADE for each in intended):
        clear(site)


def _retire(s3: Any, bucket: str, current: set[str]) -> None:
    """Write anew, with the tag, what is not current: the days until its end count from then."""
    for key in _keys(s3, bucket):
        if key not in current and _RETIRED not in s3.get_object_tagging(Bucket=bucket, Key=key)["TagSet"]:
            s3.copy_object(
                Bucket=bucket,
                Key=key,
                CopySource={"Bucket": bucket, "Key": key},
                # S3 refuses to copy an object onto itself without a change of these.
                MetadataDirective="REPLACE",
                ContentType=files.kind_of(key),
                CacheControl=headers.caching(key),
                TaggingDirective="REPLACE",
                Tagging=f"{_RETIRED['Key']}={_RETIRED['Value']}",
            )


def _keys(s3: Any, bucket: str) -> Iterator[str]:
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        yield from (found["Key"] for found in page.get("Contents", []))
