using MongoDB.Bson.Serialization;
using MongoDB.Bson.Serialization.Conventions;
using MongoDB.Bson.Serialization.Options;

namespace Orchestrator.State.Mongo;

/// <summary>Keys that people choose (labels, variables) may hold dots and dollars, which names of fields may not everywhere: they are stored as <c>[{ k, v }, …]</c>.</summary>
internal sealed class DictionaryConvention : ConventionBase, IMemberMapConvention
{
    public void Apply(BsonMemberMap memberMap) => Apply(memberMap, DictionaryRepresentation.ArrayOfDocuments);

    public static void Apply(BsonMemberMap memberMap, DictionaryRepresentation representation)
    {
        if (Configured(memberMap.GetSerializer(), representation) is { } serializer)
        {
            memberMap.SetSerializer(serializer);
        }
    }

    /// <returns>Null when it is no dictionary's serializer. That of a read-only interface has the dictionary's within.</returns>
    private static IBsonSerializer? Configured(IBsonSerializer serializer, DictionaryRepresentation representation) => serializer switch
    {
        IDictionaryRepresentationConfigurable dictionary => dictionary.WithDictionaryRepresentation(representation),
        IChildSerializerConfigurable outer when Configured(outer.ChildSerializer, representation) is { } inner => outer.WithChildSerializer(inner),
        _ => null,
    };
}
