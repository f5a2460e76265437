using System.Text.Json;
using System.Text.Json.Nodes;
using MassTransit.Serialization;

namespace Orchestrator.Contracts.Tests;

/// <summary>
/// While a cluster is upgraded old and new services talk to each other: contracts only grow. The files under <c>Golden/v1</c> are
/// what that version sent; they are never changed. A message that came later has none there.
/// </summary>
public sealed class EarlierVersionTests
{
    /// <summary>As the bus reads: a null where a value must stand is refused.</summary>
    private static readonly JsonSerializerOptions Bus = new(SystemTextJsonMessageSerializer.Options) { RespectNullableAnnotations = true, WriteIndented = false };

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Golden");

    public static TheoryData<string, string> Files =>
        [.. Directory.GetDirectories(Folder).SelectMany(version => Directory.GetFiles(version, "*.json").Select(file => (Path.GetFileName(version), Path.GetFileNameWithoutExtension(file))))];

    [Fact]
    public void TheFirstVersion_IsKept() => Assert.Equal(24, Directory.GetFiles(Path.Combine(Folder, "v1"), "*.json").Length);

    [Theory]
    [MemberData(nameof(Files))]
    public void AMessageOfAnEarlierVersion_IsReadWithoutLoss(string version, string name)
    {
        var sent = Read(version, name);
        var type = TypeOf(name);
        var told = JsonSerializer.SerializeToNode(JsonSerializer.Deserialize(sent, type, Bus), type, Bus);
        Assert.Empty(Missing(sent, told, "").Concat(Changed(sent, told, "")));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void AMessage_HasAllThatAnEarlierVersionHad_OfTheSameKind(string version, string name) =>
        Assert.Empty(Missing(Read(version, name), JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, name + ".json"))), ""));

    /// <summary>The earlier reader is today's, met by a message of tomorrow.</summary>
    [Theory]
    [MemberData(nameof(Files))]
    public void WhatAReaderDoesNotKnow_IsIgnored(string version, string name)
    {
        var sent = Read(version, name);
        var type = TypeOf(name);
        var expected = JsonSerializer.SerializeToNode(JsonSerializer.Deserialize(sent, type, Bus), type, Bus);
        Grow(sent);
        Assert.True(JsonNode.DeepEquals(expected, JsonSerializer.SerializeToNode(JsonSerializer.Deserialize(sent, type, Bus), type, Bus)));
    }

    [Fact]
    public void AMemberThatGoes_OrChangesItsKind_IsNoticed()
    {
        var before = JsonNode.Parse("""{"a":1,"b":{"c":["x"]},"d":true}""");
        Assert.Equal(["b.c: String became Number", "d is gone"], Missing(before, JsonNode.Parse("""{"a":2,"b":{"c":[7]},"e":1}"""), ""));
        Assert.Equal(["a: 1 became 2"], Changed(before, JsonNode.Parse("""{"a":2,"b":{"c":["x"]},"d":true}"""), ""));
    }

    private static Type TypeOf(string name) =>
        Messages.All.SingleOrDefault(type => Messages.NameOf(type) == name) ?? throw new InvalidOperationException($"the message {name} is gone; others still send it");

    private static JsonNode Read(string version, string name) => JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, version, name + ".json")))!;

    /// <summary>Members that are no longer there, or of another kind.</summary>
    private static IEnumerable<string> Missing(JsonNode? before, JsonNode? now, string path) => (before, now) switch
    {
        (JsonObject old, JsonObject next) => old.SelectMany(member =>
            next.TryGetPropertyValue(member.Key, out var value) ? Missing(member.Value, value, Join(path, member.Key)) : [$"{Join(path, member.Key)} is gone"]),
        (JsonArray old, JsonArray { Count: > 0 } next) => old.SelectMany(item => Missing(item, next[0], path)),
        _ => Kind(before) == Kind(now) ? [] : [$"{path}: {Kind(before)} became {Kind(now)}"],
    };

    /// <summary>Values that are not what they were.</summary>
    private static IEnumerable<string> Changed(JsonNode? before, JsonNode? now, string path) => (before, now) switch
    {
        (JsonObject old, JsonObject next) => old.SelectMany(member => Changed(member.Value, next[member.Key], Join(path, member.Key))),
        (JsonArray old, JsonArray next) when old.Count == next.Count => old.SelectMany((item, i) => Changed(item, next[i], path)),
        _ => JsonNode.DeepEquals(before, now) ? [] : [$"{path}: {before?.ToJsonString()} became {now?.ToJsonString()}"],
    };

    private static void Grow(JsonNode? node)
    {
        if (node is JsonObject map)
        {
            foreach (var member in map.ToList())
            {
                Grow(member.Value);
            }

            // The keys of a map are data; the samples give them a capital, which no member of ours has.
            if (!map.Any(member => char.IsUpper(member.Key[0])))
            {
                map["somethingNew"] = new JsonObject { ["of"] = new JsonArray("a", "later", "version") };
            }
        }
        else if (node is JsonArray list)
        {
            foreach (var item in list)
            {
                Grow(item);
            }
        }
    }

    private static string Kind(JsonNode? node) => node?.GetValueKind() switch
    {
        null => "Null",
        JsonValueKind.True or JsonValueKind.False => "Boolean",
        var kind => kind.ToString()!,
    };

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
