using MongoDB.Bson;
using MongoDB.Bson.Serialization;
using MongoDB.Bson.Serialization.Conventions;
using MongoDB.Bson.Serialization.Options;

namespace Orchestrator.State.Mongo;

/// <summary>
/// Documents as BSON that reads well in mongosh: camelCase names, enums and times as text, nothing for null. Fields that a newer version wrote are
/// ignored on reading and, as replacing sets the known ones only, kept on writing.
/// </summary>
internal static class MongoMapping
{
    private static readonly Lazy<bool> Registered = new(RegisterOnce);

    public static void Register() => _ = Registered.Value;

    private static bool RegisterOnce()
    {
        var conventions = new ConventionPack
        {
            new CamelCaseElementNameConvention(),
            new EnumRepresentationConvention(BsonType.String),
            new IgnoreIfNullConvention(true),
            new IgnoreExtraElementsConvention(true),
            new DictionaryConvention(),
        };
        ConventionRegistry.Register("orchestrator", conventions, type => type.Namespace?.StartsWith("Orchestrator.", StringComparison.Ordinal) == true);
        BsonSerializer.TryRegisterSerializer(new TimeSerializer());

        BsonClassMap.RegisterClassMap<HistoryEvent>(map =>
        {
            map.AutoMap();
            map.MapIdMember(item => item.Sequence);
        });
        BsonClassMap.RegisterClassMap<ServiceDocument>(map =>
        {
            map.AutoMap();

            // Not there when empty: the sparse index then holds those that wait for a node, and nothing else.
            map.GetMemberMap(service => service.KeepsAway).SetShouldSerializeMethod(service => ((ServiceDocument)service).KeepsAway.Count > 0);
            map.GetMemberMap(service => service.UnschedulableReasons).SetShouldSerializeMethod(service => ((ServiceDocument)service).UnschedulableReasons.Count > 0);
        });
        BsonClassMap.RegisterClassMap<NodeDocument>(map =>
        {
            map.AutoMap();

            // By task id, which is hexadecimal: so that one entry can be set and unset alone.
            DictionaryConvention.Apply(map.GetMemberMap(node => node.Reservations), DictionaryRepresentation.Document);
        });
        return true;
    }
}
