"""The register of identifiers: one type for each thing that has one."""

from typing import NewType
from uuid import UUID

UserId = NewType("UserId", UUID)
SessionId = NewType("SessionId", UUID)
ApiTokenId = NewType("ApiTokenId", UUID)
IdentityId = NewType("IdentityId", UUID)
SignInAttemptId = NewType("SignInAttemptId", UUID)
ArtistId = NewType("ArtistId", UUID)
ArtistMergeId = NewType("ArtistMergeId", UUID)
EventId = NewType("EventId", UUID)
AuditId = NewType("AuditId", UUID)
MailId = NewType("MailId", UUID)
PasskeyId = NewType("PasskeyId", UUID)
BulkChangeId = NewType("BulkChangeId", UUID)
ExceptionId = NewType("ExceptionId", UUID)
