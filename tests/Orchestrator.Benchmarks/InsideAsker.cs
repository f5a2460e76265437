using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Orchestrator.Benchmarks;

/// <summary>A client in the network of a container.</summary>
internal sealed class InsideAsker : IDisposable
{
    private readonly Process _process;

    /// <param name="container">The number of its process.</param>
    /// <param name="alsoOf">What else is the container's, as nsenter has it: with <c>-m</c>, <c>-p</c> names are asked where it asks.</param>
    /// <param name="host">Who is asked.</param>
    /// <param name="port">At which port.</param>
    public InsideAsker(string container, IEnumerable<string> alsoOf, string host, int port) => _process = Process.Start(
        new ProcessStartInfo("nsenter", ["-t", container, "-n", .. alsoOf, Environment.ProcessPath!, typeof(InsideAsker).Assembly.Location, "ask", host, port.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment = { ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1" },
        })!;

    public async Task<Answers> EndAsync()
    {
        _process.StandardInput.Close();
        var answer = await _process.StandardOutput.ReadToEndAsync();
        return JsonSerializer.Deserialize<Answers>(answer.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1])!;
    }

    public void Dispose() => _process.Dispose();
}
