"""The least that Django can do with a post: verify, read the JSON, insert a row. For `inbox`: no gate, no door, no job.

One view, no middleware, no framework above it; keys in memory; its settings are `_bare_settings`. `INSERT` as the ORM
makes it, committed at once.
"""

import hashlib
import json
import os
from base64 import b64decode, b64encode
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from django.core.handlers.asgi import ASGIHandler
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import path


class Post(models.Model):
    activity_id = models.CharField(max_length=500, unique=True)
    body = models.JSONField()

    class Meta:
        app_label = "bare"
        db_table = "bench_bare_post"


KEYS: dict[str, RSAPublicKey] = {
    uri: key
    for uri, pem in json.loads(Path(os.environ["BENCH_KEYS"]).read_text()).items()
    if isinstance(key := load_pem_public_key(pem.encode()), RSAPublicKey)
}


def inbox(request: HttpRequest) -> HttpResponse:
    said = dict(part.split("=", 1) for part in request.headers["Signature"].split(","))
    names = said["headers"].strip('"').split(" ")
    target = f"post {request.path}"
    lines = [f"{name}: {target if name == '(request-target)' else request.headers[name]}" for name in names]
    digest = "SHA-256=" + b64encode(hashlib.sha256(request.body).digest()).decode()
    if request.headers["Digest"] != digest:
        return HttpResponse(status=401)
    signature = b64decode(said["signature"].strip('"'))
    KEYS[said["keyId"].strip('"')].verify(signature, "\n".join(lines).encode(), PKCS1v15(), hashes.SHA256())
    activity = json.loads(request.body)
    Post._default_manager.create(activity_id=activity["id"], body=activity)
    return HttpResponse(status=202)


urlpatterns = [path("inbox", inbox)]
application = ASGIHandler()
