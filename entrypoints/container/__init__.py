"""The composition root: which adapter stands behind which port. Nothing else knows both.

Each module adds a part to the one before; only the whole is used.
"""

from dependency_injector import providers

from adapters.dumps.musicbrainz import MusicBrainzDump
from adapters.postgres.catalog_imports import PostgresCatalogImports
from adapters.postgres.catalog_report import PostgresCatalogReport
from adapters.postgres.erasure_ledger import PostgresErasureLedger
from adapters.postgres.outbox import PostgresEventRelay
from adapters.postgres.privacy import (
    PostgresDeletionReader,
    PostgresRetention,
)
from adapters.security.derived_keys import every_key
from adapters.telemetry.events import LoggedEvents
from application.audit.expire_audit_records import ExpireAuditRecords
from application.audit.list_all_audit_events import ListAllAuditEvents
from application.audit.list_audit_events import ListAuditEvents
from application.audit.read_chain_head import ReadChainHead
from application.audit.seal_audit_log import SealAuditLog
from application.audit.verify_audit_log import VerifyAuditLog
from application.blocklists.block_artist import BlockArtist
from application.blocklists.export_blocked_artists import ExportBlockedArtists
from application.blocklists.get_blocked_artist import GetBlockedArtist
from application.blocklists.import_blocked_artists import ImportBlockedArtists
from application.blocklists.list_blocked_artists import ListBlockedArtists
from application.blocklists.unblock_artist import UnblockArtist
from application.blocklists.update_blocked_artist import UpdateBlockedArtist
from application.catalog.count_blocks import CountBlocks
from application.catalog.import_catalog import ImportCatalog
from application.catalog.report_catalog import ReportCatalog
from application.catalog.search_artists import SearchArtists
from application.privacy.apply_retention import ApplyRetention
from application.privacy.cancel_deletion import CancelDeletion
from application.privacy.erase_users import EraseUsers
from application.privacy.export_user_data import ExportUserData
from application.privacy.get_deletion import GetDeletion
from application.privacy.list_erasures import ListErasures
from application.privacy.replay_erasures import ReplayErasures
from application.privacy.request_deletion import RequestDeletion
from application.shared.answer_once import AnswerOnce
from application.shared.check_health import CheckHealth
from application.shared.check_liveness import CheckLiveness
from application.shared.check_readiness import CheckReadiness
from application.shared.forget_answers import ForgetAnswers
from application.shared.relay_events import RelayEvents
from entrypoints.container.ways_in import WaysIn


class Container(WaysIn):
    """Every part of one process, made when it is first asked for; nothing connects by itself."""

    # catalog
    search_artists = providers.Singleton(SearchArtists, artists=WaysIn.artist_search)
    count_blocks = providers.Singleton(CountBlocks, counts=WaysIn.block_counts)
    import_catalog = providers.Singleton(
        ImportCatalog,
        open_dump=providers.Object(MusicBrainzDump),
        imports=providers.Factory(PostgresCatalogImports, WaysIn.pool),
        clock=WaysIn.clock,
        new_id=WaysIn.new_id,
    )
    report_catalog = providers.Singleton(
        ReportCatalog, report=providers.Factory(PostgresCatalogReport, WaysIn.pool)
    )

    # blocklists
    list_blocked_artists = providers.Singleton(ListBlockedArtists, reader=WaysIn.blocked_artists)
    get_blocked_artist = providers.Singleton(GetBlockedArtist, reader=WaysIn.blocked_artists)
    block_artist = providers.Singleton(
        BlockArtist,
        begin=WaysIn.begin,
        reader=WaysIn.blocked_artists,
        clock=WaysIn.clock,
        new_id=WaysIn.new_id,
    )
    update_blocked_artist = providers.Singleton(
        UpdateBlockedArtist,
        begin=WaysIn.begin,
        reader=WaysIn.blocked_artists,
        clock=WaysIn.clock,
        new_id=WaysIn.new_id,
    )
    unblock_artist = providers.Singleton(
        UnblockArtist,
        begin=WaysIn.begin,
        clock=WaysIn.clock,
        new_id=WaysIn.new_id,
    )
    import_blocked_artists = providers.Singleton(
        ImportBlockedArtists,
        begin=WaysIn.begin,
        clock=WaysIn.clock,
        new_id=WaysIn.new_id,
    )
    export_blocked_artists = providers.Singleton(
        ExportBlockedArtists, reader=WaysIn.blocked_artists
    )

    # privacy
    export_user_data = providers.Singleton(
        ExportUserData,
        begin=WaysIn.begin,
        personal_data=WaysIn.personal_data,
        clock=WaysIn.clock,
        new_id=WaysIn.new_id,
    )
    request_deletion = providers.Singleton(
        RequestDeletion,
        begin=WaysIn.begin,
        clock=WaysIn.clock,
        new_id=WaysIn.new_id,
    )
    cancel_deletion = providers.Singleton(
        CancelDeletion,
        begin=WaysIn.begin,
        clock=WaysIn.clock,
        new_id=WaysIn.new_id,
    )
    get_deletion = providers.Singleton(
        GetDeletion, deletions=providers.Factory(PostgresDeletionReader, WaysIn.pool)
    )
    erase_users = providers.Singleton(
        EraseUsers,
        begin=WaysIn.begin,
        clock=WaysIn.clock,
        new_id=WaysIn.new_id,
    )
    _ledger_keys = providers.Singleton(every_key, WaysIn.keyring, "erasure-ledger")
    _erasure_ledger = providers.Singleton(
        PostgresErasureLedger, WaysIn.pool, _ledger_keys.provided.accepted
    )
    list_erasures = providers.Singleton(ListErasures, ledger=_erasure_ledger)
    replay_erasures = providers.Singleton(
        ReplayErasures, ledger=_erasure_ledger, clock=WaysIn.clock
    )
    apply_retention = providers.Singleton(
        ApplyRetention,
        retention=providers.Factory(PostgresRetention, WaysIn.pool),
        clock=WaysIn.clock,
    )
    # audit
    list_audit_events = providers.Singleton(ListAuditEvents, reader=WaysIn.audit_records)
    list_all_audit_events = providers.Singleton(
        ListAllAuditEvents,
        begin=WaysIn.begin,
        reader=WaysIn.audit_records,
        clock=WaysIn.clock,
        new_id=WaysIn.new_id,
    )
    seal_audit_log = providers.Singleton(SealAuditLog, begin=WaysIn.begin)
    expire_audit_records = providers.Singleton(
        ExpireAuditRecords,
        begin=WaysIn.begin,
        clock=WaysIn.clock,
        new_id=WaysIn.new_id,
    )
    verify_audit_log = providers.Singleton(
        VerifyAuditLog,
        reader=WaysIn.chain_reader,
        key=WaysIn.chain_key,
        clock=WaysIn.clock,
    )
    read_chain_head = providers.Singleton(
        ReadChainHead, reader=WaysIn.chain_reader, key=WaysIn.chain_key
    )

    # shared
    answer_once = providers.Singleton(AnswerOnce, answers=WaysIn.kept_answers, clock=WaysIn.clock)
    forget_answers = providers.Singleton(
        ForgetAnswers, answers=WaysIn.kept_answers, clock=WaysIn.clock
    )
    check_health = providers.Singleton(
        CheckHealth,
        clock=WaysIn.clock,
        probes=providers.Dict(database=WaysIn.database_probe, redis=WaysIn.redis_probe),
    )
    check_liveness = providers.Singleton(CheckLiveness, clock=WaysIn.clock)
    check_readiness = providers.Singleton(
        CheckReadiness,
        clock=WaysIn.clock,
        probes=providers.Dict(database=WaysIn.database_probe),
    )
    relay_events = providers.Singleton(
        RelayEvents,
        relay=providers.Factory(
            PostgresEventRelay,
            WaysIn.pool,
            providers.Factory(LoggedEvents, WaysIn.log),
        ),
        clock=WaysIn.clock,
    )
