using System.Globalization;
using System.Text.Json;

namespace Orchestrator.Benchmarks;

/// <summary>One measured number, printed as a line of JSON.</summary>
internal sealed record Figure(string Bench, string Case, double Value, string Unit, double? Gate, string Better)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <returns>Whether the gate is met; true when there is none.</returns>
    public bool Print()
    {
        var load = double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);
        Console.WriteLine(JsonSerializer.Serialize(new { Bench, Case, Value, Unit, Gate, Better, Load1 = load }, Json));
        return Gate is null || (Better == "lower" ? Value <= Gate : Value >= Gate);
    }
}
