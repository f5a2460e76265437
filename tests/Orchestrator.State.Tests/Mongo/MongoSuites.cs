using Orchestrator.State.Tests.Suite;

namespace Orchestrator.State.Tests.Mongo;

[Collection(MongoStores.Name)]
public sealed class MongoAppStoreTests(MongoStores stores) : AppStoreSuite(stores);

[Collection(MongoStores.Name)]
public sealed class MongoServiceStoreTests(MongoStores stores) : ServiceStoreSuite(stores);

[Collection(MongoStores.Name)]
public sealed class MongoRevisionStoreTests(MongoStores stores) : RevisionStoreSuite(stores);

[Collection(MongoStores.Name)]
public sealed class MongoTaskStoreTests(MongoStores stores) : TaskStoreSuite(stores);

[Collection(MongoStores.Name)]
public sealed class MongoNodeStoreTests(MongoStores stores) : NodeStoreSuite(stores);

[Collection(MongoStores.Name)]
public sealed class MongoRolloutStoreTests(MongoStores stores) : RolloutStoreSuite(stores);

[Collection(MongoStores.Name)]
public sealed class MongoCommandStoreTests(MongoStores stores) : CommandStoreSuite(stores);

[Collection(MongoStores.Name)]
public sealed class MongoHistoryStoreTests(MongoStores stores) : HistoryStoreSuite(stores);

[Collection(MongoStores.Name)]
public sealed class MongoTokenStoreTests(MongoStores stores) : TokenStoreSuite(stores);

[Collection(MongoStores.Name)]
public sealed class MongoJoinTokenStoreTests(MongoStores stores) : JoinTokenStoreSuite(stores);

[Collection(MongoStores.Name)]
public sealed class MongoLeaseStoreTests(MongoStores stores) : LeaseStoreSuite(stores);

/// <summary>On a database of its own: it tells whether there is anything at all.</summary>
public sealed class MongoWaitingStoreTests(MongoStores stores) : WaitingStoreSuite(stores), IClassFixture<MongoStores>;

/// <summary>On a database of its own: it replaces all there is.</summary>
public sealed class MongoBackupStoreTests(MongoStores stores) : BackupStoreSuite(stores), IClassFixture<MongoStores>;
