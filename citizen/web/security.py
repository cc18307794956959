"""Headers, anti-forgery, limits and cookies: what protects every page."""

import mimetypes

import secure
from flask import Flask, Response, request
from flask_babel import lazy_gettext
from flask_compress import Compress
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from citizen.config import Settings
from citizen.web.access import current_actor


class _Limits(Limiter):
    """Limits stand on the functions that they are written on: nothing is looked for at a request to another."""

    def _check_request_limit(self, callable_name: str | None = None, in_middleware: bool = True) -> None:
        if not in_middleware:
            super()._check_request_limit(callable_name, in_middleware)


limiter = _Limits(get_remote_address, storage_uri="memory://", headers_enabled=False)
csrf = CSRFProtect()
compress = Compress()


def policy(settings: Settings) -> secure.Secure:
    """Everything from here, nothing inline; map tiles only from the address that is set."""
    origin = "/".join(settings.tiles_url.split("/")[:3])
    csp = (
        secure.ContentSecurityPolicy()
        .default_src("'self'")
        .script_src("'self'")
        .style_src("'self'")
        .img_src("'self'", "data:", *([origin] if origin else []))
        .object_src("'none'")
        .base_uri("'none'")
        .form_action("'self'")
        .frame_ancestors("'none'")
    )
    return secure.Secure(
        csp=csp,
        hsts=secure.StrictTransportSecurity().max_age(31_536_000) if settings.is_https else None,
        xcto=secure.XContentTypeOptions().nosniff(),
        xfo=secure.XFrameOptions().deny(),
        referrer=secure.ReferrerPolicy().same_origin(),
        permissions=secure.PermissionsPolicy().geolocation("self").camera().microphone(),
        coop=secure.CrossOriginOpenerPolicy().same_origin(),
    )


def install(app: Flask, settings: Settings) -> None:
    """Puts the protections on the application."""
    prefix = "__Host-" if settings.is_https else ""
    app.config.update(
        SESSION_COOKIE_NAME=f"{prefix}citizen",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=settings.max_upload_bytes * 3,
        MAX_FORM_MEMORY_SIZE=1_000_000,
        MAX_FORM_PARTS=2_000,
        WTF_CSRF_TIME_LIMIT=None,  # a draft left open overnight must still be saved
        WTF_CSRF_SSL_STRICT=settings.is_https,
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=4,
        RATELIMIT_ENABLED=not app.config.get("TESTING", False),
    )
    mimetypes.add_type("text/javascript", ".js")
    csrf.init_app(app)
    limiter.init_app(app)
    compress.init_app(app)
    compress.compress_mimetypes_set |= {"text/csv", "application/geo+json", "text/calendar"}  # not known to the library
    compress.compress_mimetypes_set.add("application/geo+json")
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    headers = policy(settings).header_items()

    @app.after_request
    def protect(response: Response) -> Response:
        own_policy = response.headers.get("Content-Security-Policy")  # a document's is stricter than the pages'
        for name, value in headers:
            response.headers[name] = value
        if own_policy:
            response.headers["Content-Security-Policy"] = own_policy
            if "frame-ancestors *" in own_policy:  # the older header knows no such exception
                del response.headers["X-Frame-Options"]
        if "Cache-Control" not in response.headers and current_actor().is_signed_in and request.endpoint != "static":
            response.headers["Cache-Control"] = "no-store"
        return response


SLOW_DOWN = lazy_gettext("Trop d’essais en peu de temps. Attendez quelques minutes, puis recommencez.")
