namespace Orchestrator.EndToEnd.Tests;

/// <summary>infra/orch finds the cluster of docker-compose.yml by the checkout's .env.</summary>
public sealed class OrchInACheckout(SharedNode shared) : IDisposable
{
    private readonly DirectoryInfo _checkout = Directory.CreateTempSubdirectory("orch-test-checkout-");

    [Theory]
    [InlineData("ORCH_PORT={0}\nORCH_TOKEN={1}\n")]
    [InlineData("# The cluster\nORCH_TOKEN=old\nexport ORCH_TOKEN=\"{1}\"\nORCH_TOKENS=none\nORCH_PORT='{0}'\n")]
    public async Task PortAndToken_AreReadFromIt(string settings)
    {
        Prepare(settings);
        var status = await OrchAsync();
        Assert.True(status.ExitCode == 0, status.Error);
        Assert.Contains("1 of 1 ready", status.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AVariable_GoesBeforeIt()
    {
        Prepare("ORCH_PORT={0}\nORCH_TOKEN={1}\n");
        var status = await OrchAsync(("ORCH_API", shared.Node.Api.Address.ToString()), ("ORCH_TOKEN", "not-the-right-token"));
        Assert.Equal(1, status.ExitCode);
        Assert.Contains("the token is not known", status.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _checkout.Delete(recursive: true);

    /// <summary>The scripts, and a program that is built.</summary>
    private void Prepare(string settings)
    {
        var token = File.ReadAllText(Path.Combine(shared.Node.State, "token")).Trim();
        File.WriteAllText(Path.Combine(_checkout.FullName, ".env"), string.Format(System.Globalization.CultureInfo.InvariantCulture, settings, shared.Node.Port, token));
        File.WriteAllText(Path.Combine(_checkout.FullName, "Directory.Build.props"), "");
        foreach (var folder in new[] { "services", "shared", "infra" })
        {
            _checkout.CreateSubdirectory(folder);
        }

        foreach (var script in new[] { "infra/orch", "infra/lib.sh" })
        {
            File.Copy(Path.Combine(Repository.Root, script), Path.Combine(_checkout.FullName, script));
        }

        var program = _checkout.CreateSubdirectory("artifacts/bin/Orchestrator.Cli/release");
        foreach (var entry in new DirectoryInfo(Path.GetDirectoryName(Repository.Program("Orchestrator.Cli", "orch"))!).EnumerateFileSystemInfos())
        {
            File.CreateSymbolicLink(Path.Combine(program.FullName, entry.Name), entry.FullName);
        }

        File.Delete(Path.Combine(program.FullName, ".built"));
        File.WriteAllText(Path.Combine(program.FullName, ".built"), "");
    }

    private Task<ShellResult> OrchAsync(params (string Name, string Value)[] variables)
    {
        var environment = new Dictionary<string, string> { ["ORCH_API"] = "", ["ORCH_PORT"] = "", ["ORCH_STATE"] = "", ["ORCH_TOKEN"] = "", ["NO_COLOR"] = "1" };
        foreach (var (name, value) in variables)
        {
            environment[name] = value;
        }

        return Shell.RunAsync("bash", [Path.Combine(_checkout.FullName, "infra/orch"), "status"], environment);
    }
}
