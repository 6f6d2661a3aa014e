"""Where recordings are stored, as rooms and templates share it; each names the credentials in its own way."""

from typing import Literal

from hms.models.base import Model


class UploadOptions(Model):
    """Options of the bucket.

    Attributes:
        region: region of the bucket's account; not needed for Azure.
        account_id: Cloudflare account of an R2 bucket.
    """

    region: str | None = None
    account_id: str | None = None


class Bucket(Model):
    """Where recordings are stored.

    Attributes:
        type: kind of storage.
        location: name of the bucket; on Azure of the container.
        prefix: path under which files are put.
        options: options of the bucket.
    """

    type: Literal["s3", "gs", "oss", "azure", "r2"]
    location: str
    prefix: str | None = None
    options: UploadOptions | None = None
