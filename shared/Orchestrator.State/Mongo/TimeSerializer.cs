using System.Globalization;
using MongoDB.Bson.Serialization;
using MongoDB.Bson.Serialization.Serializers;

namespace Orchestrator.State.Mongo;

/// <summary>Times as UTC text of one length: exact to 100 ns where BSON's dates keep milliseconds, and in the order of time when compared as text.</summary>
internal sealed class TimeSerializer : StructSerializerBase<DateTimeOffset>
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    public override DateTimeOffset Deserialize(BsonDeserializationContext context, BsonDeserializationArgs args) =>
        DateTimeOffset.ParseExact(context.Reader.ReadString(), Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    public override void Serialize(BsonSerializationContext context, BsonSerializationArgs args, DateTimeOffset value) =>
        context.Writer.WriteString(Text(value));

    public static string Text(DateTimeOffset value) => value.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);
}
