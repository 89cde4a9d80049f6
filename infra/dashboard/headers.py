"""The headers of the dashboard's files, the same on this machine and behind CloudFront."""

from collections.abc import Iterable

# No script but the page's own runs; none of them can make markup or code from a text.
_POLICY = (
    *("default-src 'none'", "script-src 'self'", "style-src 'self'", "font-src 'self'"),
    *("img-src 'self' blob: data:", "media-src blob:"),
    *("base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"),
    *("require-trusted-types-for 'script'", "trusted-types 'none'"),
)
_FOREVER = "public, max-age=31536000, immutable"
# A page that was open before an upgrade asks again when it is opened anew.
_ASK_AGAIN = "no-cache"
ASSETS = "assets/"


def security(buckets: Iterable[str] = ()) -> dict[str, str]:
    """The headers of every file. `buckets` are the origins of S3 that the page may fetch files from.

    A frame with `blob:` shows a PDF, or a page that somebody logged, which takes this policy over: it runs no script.
    """
    origins = " ".join(buckets)
    policy = (*_POLICY, f"connect-src 'self' {origins}".strip(), "frame-src blob:")
    return {
        "Content-Security-Policy": "; ".join(policy),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }


def caching(path: str) -> str:
    """How long a browser keeps a file: those in assets/ have a digest of their content in their names."""
    return _FOREVER if path.startswith(ASSETS) else _ASK_AGAIN
