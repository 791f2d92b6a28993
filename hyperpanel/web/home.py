"""What is no page: the sign of life, and the static files."""

from litestar import Response, get
from litestar.enums import MediaType
from litestar.params import FromPath
from litestar_htmx import HTMXRequest

from hyperpanel.errors import Missing
from hyperpanel.web.assets import Asset
from hyperpanel.web.guards import PUBLIC
from hyperpanel.web.visits import visit_of

FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"


@get("/healthz", opt={"permission": PUBLIC}, media_type=MediaType.TEXT)
async def health() -> str:
    return "ok"


@get("/static/{path:path}", opt={"permission": PUBLIC})
async def static(request: HTMXRequest, path: FromPath[str]) -> Response[bytes]:
    found, lasts = visit_of(request).console.assets.find(path)
    if found is None:
        raise Missing("no such file")
    headers = {"Cache-Control": FOR_EVER if lasts else ASK_AGAIN, "ETag": found.etag}
    if request.headers.get("if-none-match") == found.etag:
        return Response(b"", status_code=304, headers=headers)
    return file(found, headers, "gzip" in request.headers.get("accept-encoding", ""))


def file(found: Asset, headers: dict[str, str], may_zip: bool) -> Response[bytes]:
    if found.zipped is None:
        return Response(found.body, headers=headers, media_type=found.media_type)
    headers = {**headers, "Vary": "Accept-Encoding"}
    if may_zip:
        return Response(found.zipped, headers={**headers, "Content-Encoding": "gzip"}, media_type=found.media_type)
    return Response(found.body, headers=headers, media_type=found.media_type)
