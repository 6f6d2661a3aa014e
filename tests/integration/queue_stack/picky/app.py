"""Records each batch in the file that its messages name, and fails for the messages that request it."""

import json
import os
import time
from pathlib import Path
from typing import Any


def handler(event: dict[str, Any], _context: object) -> object:
    """Return the messages that request a failure. They can also request an exception, a hang or an invalid result."""
    bodies = [json.loads(record["body"]) for record in event["Records"]]
    orders = [body.get("detail", body) for body in bodies]
    with Path(orders[0]["file"]).open("a") as file:
        print(json.dumps({"records": event["Records"], "bus": os.environ["BUS"]}), file=file)
    asked = {order["do"] for order in orders}
    if "crash" in asked:
        raise ValueError("as asked")
    if "hang" in asked:
        time.sleep(30)
    if "nonsense" in asked:
        return {"batchItemFailures": [{"itemIdentifier": "none of these"}]}
    failed = [
        record["messageId"] for record, order in zip(event["Records"], orders, strict=True) if order["do"] == "fail"
    ]
    return {"batchItemFailures": [{"itemIdentifier": message} for message in failed]}
