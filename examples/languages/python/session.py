import os

import jwt  # pip install "pyjwt[crypto]"

KEYS = jwt.PyJWKClient(os.environ["HAOMA_URL"] + "/.well-known/jwks.json", lifespan=300)


def member_of(access_token: str) -> str:
    key = KEYS.get_signing_key_from_jwt(access_token).key
    claims = jwt.decode(access_token, key, ["ES256"], audience=os.environ["WECHAT_APPID"], issuer="haoma")
    return claims["sub"]
