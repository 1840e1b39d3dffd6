# SPDX-License-Identifier: Apache-2.0
"""The client in TypeScript before a scripted issuer and a scripted device: each case of the client in Python."""
import test_peers as cases

globals().update({name: case for name, case in vars(cases).items() if name.startswith("test_")})
