"""An identity provider on this machine, faithful to OpenID Connect and PKCE, and unfaithful on demand."""

import base64
import hashlib
import html
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

CLIENT, SECRET = "fairtakt", "a secret: of + the client"
SUBJECT = "248289761001"


def b64(content):
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


class IdentityProvider:
    """A context manager. `claims` and the other attributes say how the next tokens lie."""

    def __init__(self, *, secret=SECRET, algorithm="RS256"):
        self.secret = secret
        self.keys = {"one": self._key(algorithm)}
        self.signs_with = "one"
        self.claims = {}
        """Changes of the ID token's claims; None leaves one out."""
        self.header = {}
        self.forge = None
        """Makes the token itself, from claims, instead of signing it."""
        self.description = {}
        self.answers = {}
        """By path: status and content instead of the right ones."""
        self.codes = {}
        self.seen = []
        self.now_s = time.time
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.host = f"127.0.0.1:{self._server.server_address[1]}"
        self.issuer = f"http://{self.host}/realms/plant"

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    @staticmethod
    def _key(algorithm):
        if algorithm.startswith(("RS", "PS")):
            return RSAKey.generate_key(2048)
        return OKPKey.generate_key("Ed25519") if algorithm == "Ed25519" else ECKey.generate_key("P-256")

    def add_key(self, name, algorithm="RS256"):
        self.keys[name] = self._key(algorithm)

    def describe(self):
        said = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "response_types_supported": ["code"],
            "code_challenge_methods_supported": ["plain", "S256"],
            "id_token_signing_alg_values_supported": ["RS256", "none"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            **self.description,
        }
        return {name: value for name, value in said.items() if value is not None}

    def published(self):
        keys = [{**key.as_dict(private=False), "kid": name, "use": "sig"} for name, key in self.keys.items()]
        encrypting = {**RSAKey.generate_key(2048).as_dict(private=False), "kid": "enc", "use": "enc"}
        return {"keys": [encrypting, {"kty": "from the future", "kid": "x"}, *keys]}

    def authorize(self, address, *, subject=SUBJECT):
        """Sign somebody in at the address that a browser was sent to; return what it brings back."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert address.startswith(f"{self.issuer}/authorize?")
        assert query["response_type"] == "code"
        assert query["client_id"] == CLIENT
        assert "openid" in query["scope"].split()
        assert query["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.codes[code] = (query, subject)
        return {"code": code, "state": query["state"]}

    def token(self, query, subject):
        now = int(self.now_s())
        claims = {
            "iss": self.issuer,
            "sub": subject,
            "aud": CLIENT,
            "exp": now + 300,
            "iat": now,
            "nonce": query["nonce"],
            **self.claims,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        if self.forge is not None:
            return self.forge(claims)
        key = self.keys[self.signs_with]
        algorithm = {"RSA": "RS256", "EC": "ES256", "OKP": "Ed25519"}[key.key_type]
        header = {"alg": algorithm, "kid": self.signs_with, **self.header}
        header = {name: value for name, value in header.items() if value is not None}
        return jwt.encode(header, claims, key, algorithms=[header["alg"]])

    def unsigned(self, claims):
        header = b64(json.dumps({"alg": "none", "kid": "one"}).encode())
        return f"{header}.{b64(json.dumps(claims).encode())}."

    def signed_with_public_key(self, claims):
        """The confusion of algorithms: what everybody may read, used as if it were a shared secret."""
        public = self.keys["one"].as_pem(private=False)
        key = OctKey.import_key(base64.urlsafe_b64encode(public).decode())
        return jwt.encode({"alg": "HS256", "kid": "one"}, claims, key, algorithms=["HS256"])

    def signed_by_stranger(self, claims):
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, RSAKey.generate_key(2048))

    def changed_afterwards(self, claims):
        header, _, signature = jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.keys["one"]).split(".")
        return f"{header}.{b64(json.dumps({**claims, 'sub': 'somebody else'}).encode())}.{signature}"

    def _redeem(self, form, authorization):
        """RFC 6749 section 4.1.3 and RFC 7636 section 4.6."""
        if self.secret is not None:
            if authorization:
                pair = base64.b64decode(authorization.removeprefix("Basic ")).decode()
                client, _, secret = (unquote(part) for part in pair.partition(":"))
            else:
                client, secret = form.get("client_id"), form.get("client_secret")
            if (client, secret) != (CLIENT, self.secret):
                return 401, {"error": "invalid_client"}
        query, subject = self.codes.pop(form.get("code"), (None, None))
        verifier = form.get("code_verifier", "")
        if (
            query is None
            or form.get("grant_type") != "authorization_code"
            or form.get("redirect_uri") != query["redirect_uri"]
            or b64(hashlib.sha256(verifier.encode()).digest()) != query["code_challenge"]
        ):
            return 400, {"error": "invalid_grant"}
        return 200, {
            "access_token": secrets.token_urlsafe(16),
            "token_type": "Bearer",
            "id_token": self.token(query, subject),
        }

    def _handler(self):
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                place = self.path.removeprefix("/realms/plant")
                if place.startswith("/authorize?"):
                    self._send_back(f"http://{provider.host}{self.path}")
                    return
                known = {
                    "/.well-known/openid-configuration": provider.describe,
                    "/keys": provider.published,
                }
                self._tell(place, 200, known[place]() if place in known else {})

            def do_POST(self):
                content = self.rfile.read(int(self.headers["Content-Length"])).decode()
                form = {name: values[0] for name, values in parse_qs(content).items()}
                self._tell("/token", *provider._redeem(form, self.headers.get("Authorization", "")))

            def _send_back(self, address):
                """Show a page on which somebody says yes: from it the browser goes back."""
                redirect = parse_qs(urlsplit(address).query)["redirect_uri"][0]
                back = html.escape(callback(redirect, provider.authorize(address)))
                body = f'<!doctype html><title>ID</title><a href="{back}">Yes, it is me</a>'.encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def _tell(self, place, status, content):
                provider.seen.append((self.command, place))
                status, content = provider.answers.get(place, (status, content))
                body = content if isinstance(content, bytes) else json.dumps(content).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                if status in {301, 302, 307}:
                    self.send_header("Location", "http://127.0.0.1:1/elsewhere")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        return Handler


def callback(address, brought):
    """Return the address that a browser comes back to."""
    return f"{address}?{urlencode(brought)}"


def configure(directory, idp, **changes):
    """Write a configuration; return its path. None leaves a key out."""
    secret = directory / "client-secret"
    secret.write_text(f"{SECRET}\n")
    secret.chmod(0o600)
    content = {
        "format": "fairtakt-identity-provider/v1",
        "issuer": idp.issuer,
        "client_id": CLIENT,
        "client_secret_file": "client-secret",
        "role_claim": ["realm_access", "roles"],
        "roles": {"plant-engineers": "engineer", "plant-managers": "manager"},
        **changes,
    }
    file = directory / "provider.yaml"
    file.write_text(json.dumps({name: value for name, value in content.items() if value is not None}))
    return file
