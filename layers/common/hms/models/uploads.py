"""Storage for recordings, without credentials. Rooms and templates have different names for those."""

from typing import Literal

from hms.models.base import Model


class UploadOptions(Model):
    """Options of the bucket.

    Attributes:
        region: region of the bucket. Azure does not need it.
        account_id: id of the Cloudflare account of an R2 bucket.
    """

    region: str | None = None
    account_id: str | None = None


class Bucket(Model):
    """Bucket that stores recordings.

    Attributes:
        type: storage provider.
        location: name of the bucket. On Azure: name of the container.
        prefix: path of the files in the bucket.
        options: options of the bucket.
    """

    type: Literal["s3", "gs", "oss", "azure", "r2"]
    location: str
    prefix: str | None = None
    options: UploadOptions | None = None
