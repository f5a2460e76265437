using System.Text.Json;
using System.Text.Json.Nodes;
using MassTransit.Serialization;

namespace Orchestrator.Contracts.Tests;

/// <summary>The JSON of each message is a contract: a changed or missing golden file is a broken promise to other people's programs.</summary>
public sealed class GoldenMessageTests
{
    private static readonly JsonSerializerOptions Indented = new(SystemTextJsonMessageSerializer.Options) { WriteIndented = true };

    public static TheoryData<string> Names => [.. Messages.All.Select(Messages.NameOf)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Message_OnTheWire_IsAsPromised(string name)
    {
        var type = Messages.All.Single(candidate => Messages.NameOf(candidate) == name);
        var json = JsonSerializer.Serialize(Messages.Sample(type), type, Indented) + "\n";
        if (Environment.GetEnvironmentVariable("ORCH_WRITE_GOLDEN") is { Length: > 0 } folder)
        {
            File.WriteAllText(Path.Combine(folder, name + ".json"), json);
        }

        var path = Path.Combine(AppContext.BaseDirectory, "Golden", name + ".json");
        Assert.True(File.Exists(path), $"there is no golden file for {name}; set ORCH_WRITE_GOLDEN to the Golden folder to write it");
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(File.ReadAllText(path)), JsonNode.Parse(json)), $"{name} changed on the wire:\n{json}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Message_ReadFromItsGoldenFile_LosesNothing(string name)
    {
        var type = Messages.All.Single(candidate => Messages.NameOf(candidate) == name);
        var golden = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", name + ".json"));
        var read = JsonSerializer.Deserialize(golden, type, SystemTextJsonMessageSerializer.Options);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(golden), JsonSerializer.SerializeToNode(read, type, SystemTextJsonMessageSerializer.Options)));
    }

    [Fact]
    public void GoldenFiles_AreOfMessagesThatExist() =>
        Assert.Empty(Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Golden"), "*.json")
            .Select(Path.GetFileNameWithoutExtension)
            .Except(Messages.All.Select(Messages.NameOf)));
}
