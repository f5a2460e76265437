using Orchestrator.State.Tests.Suite;

namespace Orchestrator.State.Tests.Sqlite;

public sealed class SqliteAppStoreTests(SqliteStores stores) : AppStoreSuite(stores), IClassFixture<SqliteStores>;

public sealed class SqliteServiceStoreTests(SqliteStores stores) : ServiceStoreSuite(stores), IClassFixture<SqliteStores>;

public sealed class SqliteRevisionStoreTests(SqliteStores stores) : RevisionStoreSuite(stores), IClassFixture<SqliteStores>;

public sealed class SqliteTaskStoreTests(SqliteStores stores) : TaskStoreSuite(stores), IClassFixture<SqliteStores>;

public sealed class SqliteNodeStoreTests(SqliteStores stores) : NodeStoreSuite(stores), IClassFixture<SqliteStores>;

public sealed class SqliteRolloutStoreTests(SqliteStores stores) : RolloutStoreSuite(stores), IClassFixture<SqliteStores>;

public sealed class SqliteCommandStoreTests(SqliteStores stores) : CommandStoreSuite(stores), IClassFixture<SqliteStores>;

public sealed class SqliteHistoryStoreTests(SqliteStores stores) : HistoryStoreSuite(stores), IClassFixture<SqliteStores>;

public sealed class SqliteTokenStoreTests(SqliteStores stores) : TokenStoreSuite(stores), IClassFixture<SqliteStores>;

public sealed class SqliteJoinTokenStoreTests(SqliteStores stores) : JoinTokenStoreSuite(stores), IClassFixture<SqliteStores>;

public sealed class SqliteLeaseStoreTests(SqliteStores stores) : LeaseStoreSuite(stores), IClassFixture<SqliteStores>;

public sealed class SqliteWaitingStoreTests(SqliteStores stores) : WaitingStoreSuite(stores), IClassFixture<SqliteStores>;

public sealed class SqliteBackupStoreTests(SqliteStores stores) : BackupStoreSuite(stores), IClassFixture<SqliteStores>;
