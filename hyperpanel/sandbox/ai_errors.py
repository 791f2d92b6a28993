"""What the two services answer when they refuse, word for word as far as they document it, and when a client may ask again."""

from collections.abc import Mapping
from email.utils import formatdate
from typing import NamedTuple

LINK = "https://platform.openai.com/account/api-keys"


class Error(NamedTuple):
    """`open`: type, code and words in OpenAI's protocol; `anthropic`: type and words in the other."""

    status: int
    open: tuple[str, str | None, str]
    anthropic: tuple[str, str]


BAD, LIMIT = "invalid_request_error", "This request would exceed your account's rate limit. Please try again later."
PACE = "Rate limit reached for canned: limit 3 requests per minute. Please try again in 1s."
ERRORS: Mapping[str, Error] = {
    "400": Error(400, (BAD, "unknown_parameter", "Unknown parameter: '{field}'."), (BAD, "{field}: Extra inputs are not permitted")),
    "missing": Error(400, (BAD, "missing_required_parameter", "Missing required parameter: '{field}'."), (BAD, "{field}: Field required")),
    "json": Error(400, (BAD, None, "We could not parse the JSON body of your request."), (BAD, "The request body is not valid JSON")),
    "no_json_schema": Error(
        400,
        (BAD, "unsupported_value", "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model."),
        (BAD, "output_config.format: Extra inputs are not permitted"),
    ),
    "old_field": Error(
        400,
        (BAD, "unsupported_parameter", "Unsupported parameter: '{field}' is not supported with this model."),
        (BAD, "{field}: Extra inputs are not permitted"),
    ),
    "401": Error(401, (BAD, "invalid_api_key", f"Incorrect API key provided: {{key}}. You can find your API key at {LINK}."),
                 ("authentication_error", "invalid x-api-key")),
    "401_echo": Error(401, (BAD, "invalid_api_key", "The key {whole} is not valid."), ("authentication_error", "The key {whole} is not valid.")),
    "403": Error(403, ("permission_error", "model_not_allowed", "Project does not have access to model `{model}`."),
                 ("permission_error", "Your API key does not have permission to use the specified resource.")),
    "404": Error(404, (BAD, "model_not_found", "The model `{model}` does not exist or you do not have access to it."),
                 ("not_found_error", "model: {model}")),
    "path": Error(404, (BAD, "unknown_url", "Invalid URL ({field})"), ("not_found_error", "Not found")),
    "413": Error(413, (BAD, None, "The request is too large."), ("request_too_large", "Request exceeds the maximum size")),
    "too_long": Error(
        400,
        (BAD, "context_length_exceeded", "This model's maximum context length is 8192 tokens. Please reduce the length."),
        (BAD, "prompt is too long: 9000 tokens > 8192 maximum"),
    ),
    "429": Error(429, ("requests", "rate_limit_exceeded", PACE), ("rate_limit_error", LIMIT)),
    "quota": Error(
        429,
        ("insufficient_quota", "insufficient_quota", "You exceeded your current quota, please check your plan and billing details."),
        ("billing_error", "Your credit balance is too low to access the API."),
    ),
    "500": Error(500, ("server_error", None, "The server had an error while processing your request. Sorry about that!"),
                 ("api_error", "Internal server error")),
    "503": Error(503, ("server_error", None, "The engine is overloaded, please try again later."), ("api_error", "Service unavailable")),
    "529": Error(529, ("server_error", "overloaded", "Overloaded"), ("overloaded_error", "Overloaded")),
}  # fmt: skip
QUOTA_BY_ANTHROPIC = 400  # where OpenAI answers with 429


def status(kind: str, protocol: str) -> int:
    return QUOTA_BY_ANTHROPIC if (kind, protocol) == ("quota", "anthropic") else ERRORS[kind].status


def again(form: str, seconds: float, now: float) -> dict[str, str]:
    """The four ways to say when one may ask again, and none."""
    forms = {
        "seconds": {"retry-after": str(max(1, round(seconds)))},
        "date": {"retry-after": formatdate(now + max(1, seconds), usegmt=True)},
        "milliseconds": {"retry-after-ms": str(round(seconds * 1000))},
        "absurd": {"retry-after": str(10**9)},
    }
    return forms.get(form, {})


def hidden(key: str) -> str:
    """As the real one shows it back: the ends of it."""
    return key if len(key) < 12 else f"{key[:8]}{'*' * (len(key) - 12)}{key[-4:]}"
