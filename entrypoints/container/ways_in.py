"""The use cases of passkeys, API tokens and providers."""

import asyncio

from dependency_injector import providers

from adapters.postgres.api_tokens import PostgresApiTokenReader
from adapters.postgres.passkeys import PostgresPasskeyReader
from adapters.security.webauthn import LibraryPasskeyVerifier
from application.accounts.attempt_start import AttemptStart
from application.accounts.complete_provider_sign_in import CompleteProviderSignIn
from application.accounts.create_api_token import CreateApiToken
from application.accounts.finish_provider_sign_in import FinishProviderSignIn
from application.accounts.identity_link import IdentityLink
from application.accounts.list_api_tokens import ListApiTokens
from application.accounts.list_identities import ListIdentities
from application.accounts.list_passkeys import ListPasskeys
from application.accounts.list_providers import ListProviders
from application.accounts.passkey_proof import PasskeyProof
from application.accounts.reauthenticate_with_passkey import ReauthenticateWithPasskey
from application.accounts.register_passkey import RegisterPasskey
from application.accounts.remove_passkey import RemovePasskey
from application.accounts.rename_passkey import RenamePasskey
from application.accounts.revoke_api_token import RevokeApiToken
from application.accounts.rotate_api_token import RotateApiToken
from application.accounts.sign_in_with_passkey import SignInWithPasskey
from application.accounts.start_passkey_registration import StartPasskeyRegistration
from application.accounts.start_passkey_sign_in import StartPasskeySignIn
from application.accounts.start_provider_link import StartProviderLink
from application.accounts.start_provider_sign_in import StartProviderSignIn
from application.accounts.unlink_identity import UnlinkIdentity
from domain.accounts.passkey import RelyingParty
from entrypoints.container.addresses import Addresses


class WaysIn(Addresses):
    """The use cases of passkeys, API tokens and providers."""

    # accounts: passkeys
    _relying_party = providers.Singleton(
        RelyingParty.at, Addresses.settings.provided.http.public_url, "No Drake in the House"
    )
    _passkey_verifier = providers.Singleton(LibraryPasskeyVerifier, _relying_party)
    _passkey_proof = providers.Singleton(
        PasskeyProof,
        verifier=_passkey_verifier,
        secrets=Addresses.one_time_secrets,
        new_id=Addresses.new_id,
    )
    start_passkey_registration = providers.Singleton(
        StartPasskeyRegistration,
        begin=Addresses.begin,
        throttle=Addresses.throttle,
        secrets=Addresses.one_time_secrets,
        relying_party=_relying_party,
        clock=Addresses.clock,
    )
    register_passkey = providers.Singleton(
        RegisterPasskey,
        begin=Addresses.begin,
        verifier=_passkey_verifier,
        secrets=Addresses.one_time_secrets,
        clock=Addresses.clock,
        new_id=Addresses.new_id,
    )
    start_passkey_sign_in = providers.Singleton(
        StartPasskeySignIn,
        begin=Addresses.begin,
        throttle=Addresses.throttle,
        secrets=Addresses.one_time_secrets,
        relying_party=_relying_party,
        clock=Addresses.clock,
    )
    sign_in_with_passkey = providers.Singleton(
        SignInWithPasskey,
        begin=Addresses.begin,
        throttle=Addresses.throttle,
        proof=_passkey_proof,
        start_session=Addresses._start_session,
        clock=Addresses.clock,
    )
    reauthenticate_with_passkey = providers.Singleton(
        ReauthenticateWithPasskey,
        begin=Addresses.begin,
        throttle=Addresses.throttle,
        proof=_passkey_proof,
        active_sessions=Addresses.active_sessions,
        clock=Addresses.clock,
        new_id=Addresses.new_id,
    )
    list_passkeys = providers.Singleton(
        ListPasskeys, reader=providers.Factory(PostgresPasskeyReader, Addresses.pool)
    )
    rename_passkey = providers.Singleton(
        RenamePasskey,
        begin=Addresses.begin,
        clock=Addresses.clock,
        new_id=Addresses.new_id,
    )
    remove_passkey = providers.Singleton(
        RemovePasskey,
        begin=Addresses.begin,
        clock=Addresses.clock,
        new_id=Addresses.new_id,
    )
    create_api_token = providers.Singleton(
        CreateApiToken,
        begin=Addresses.begin,
        environment=Addresses._token_environment,
        new_secret=Addresses._new_secret,
        clock=Addresses.clock,
        new_id=Addresses.new_id,
    )
    list_api_tokens = providers.Singleton(
        ListApiTokens,
        reader=providers.Singleton(PostgresApiTokenReader, Addresses.pool),
        clock=Addresses.clock,
    )
    rotate_api_token = providers.Singleton(
        RotateApiToken,
        begin=Addresses.begin,
        tokens=Addresses.api_tokens,
        environment=Addresses._token_environment,
        new_secret=Addresses._new_secret,
        clock=Addresses.clock,
        new_id=Addresses.new_id,
    )
    revoke_api_token = providers.Singleton(
        RevokeApiToken,
        begin=Addresses.begin,
        end_api_token=Addresses._end_api_token,
        clock=Addresses.clock,
    )
    # accounts: providers
    _start_attempt = providers.Singleton(
        AttemptStart,
        begin=Addresses.begin,
        providers=Addresses.identity_providers,
        secrets=Addresses.one_time_secrets,
        box=Addresses.secret_box,
        clock=Addresses.clock,
        new_id=Addresses.new_id,
    )
    _link_identity = providers.Singleton(IdentityLink, new_id=Addresses.new_id)
    list_providers = providers.Singleton(ListProviders, providers=Addresses.identity_providers)
    start_provider_sign_in = providers.Singleton(
        StartProviderSignIn,
        providers=Addresses.identity_providers,
        throttle=Addresses.throttle,
        start=_start_attempt,
    )
    start_provider_link = providers.Singleton(
        StartProviderLink,
        providers=Addresses.identity_providers,
        throttle=Addresses.throttle,
        start=_start_attempt,
    )
    finish_provider_sign_in = providers.Singleton(
        FinishProviderSignIn,
        begin=Addresses.begin,
        providers=Addresses.identity_providers,
        secrets=Addresses.one_time_secrets,
        box=Addresses.secret_box,
        link=_link_identity,
        pause=providers.Object(asyncio.sleep),
        clock=Addresses.clock,
    )
    complete_provider_sign_in = providers.Singleton(
        CompleteProviderSignIn,
        begin=Addresses.begin,
        secrets=Addresses.one_time_secrets,
        box=Addresses.secret_box,
        throttle=Addresses.throttle,
        limit=Addresses.registration_limit,
        second_factor=Addresses._second_factor,
        refuse=Addresses._refuse_sign_in,
        link=_link_identity,
        start_session=Addresses._start_session,
        clock=Addresses.clock,
        new_id=Addresses.new_id,
    )
    list_identities = providers.Singleton(ListIdentities, identities=Addresses.identities)
    unlink_identity = providers.Singleton(
        UnlinkIdentity,
        begin=Addresses.begin,
        clock=Addresses.clock,
        new_id=Addresses.new_id,
    )
