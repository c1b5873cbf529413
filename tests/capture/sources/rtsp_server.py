"""Plays an MP4 file as an RTSP camera: python3 rtsp_server.py PORT FILE [USER PASSWORD [CERTIFICATE KEY]].

Runs in its own process, on the system's Python, because that is where GStreamer's bindings are. Writes
"ready" once it listens, and ends with its standard input, so that it never outlives the test that started it.
"""

import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import Gio, GLib, Gst, GstRtspServer  # noqa: E402 - versions are chosen first


def authentication(user: str, password: str, certificate: list[str]) -> GstRtspServer.RTSPAuth:
    auth = GstRtspServer.RTSPAuth()
    role = GstRtspServer.RTSPToken()
    role.set_string("media.factory.role", "viewer")
    if user:
        auth.add_basic(GstRtspServer.RTSPAuth.make_basic(user, password), role)
    else:
        auth.set_default_token(role)
    if certificate:
        auth.set_tls_certificate(Gio.TlsCertificate.new_from_files(*certificate))
    return auth


def main(port: str, video: str, user: str = "", password: str = "", *certificate: str) -> None:
    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(port)
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(f"( filesrc location={video} ! qtdemux ! h264parse ! rtph264pay name=pay0 pt=96 )")
    if user or certificate:
        server.set_auth(authentication(user, password, list(certificate)))
        permissions = GstRtspServer.RTSPPermissions()
        permissions.add_permission_for_role("viewer", "media.factory.access", True)
        permissions.add_permission_for_role("viewer", "media.factory.construct", True)
        factory.set_permissions(permissions)
    server.get_mount_points().add_factory("/bench", factory)
    if not server.attach(None):
        sys.exit("port in use")
    loop = GLib.MainLoop()
    GLib.io_add_watch(sys.stdin.fileno(), GLib.PRIORITY_DEFAULT, GLib.IOCondition.HUP, lambda *_: loop.quit())
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    loop.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
