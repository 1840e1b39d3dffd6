# SPDX-License-Identifier: Apache-2.0
"""A client for devices that ward guards: it gets tokens, keeps and renews them, waits when it is told to, and
says what to do about a refusal."""
from .asynchronous import AsyncDevice, AsyncTokens
from .blocking import Device, Tokens
from .errors import ClientError, DeviceError, IssuerError, WardError
from .grants import Token
from .messages import Answer
from .patience import Limits
from .secret import Secret
from .settings import Application, Issuer, Machine
from .sign_in import SignIn, UserCode

__all__ = ["Answer", "Application", "AsyncDevice", "AsyncTokens", "ClientError", "Device", "DeviceError", "Issuer",
           "IssuerError", "Limits", "Machine", "Secret", "SignIn", "Token", "Tokens", "UserCode", "WardError"]
