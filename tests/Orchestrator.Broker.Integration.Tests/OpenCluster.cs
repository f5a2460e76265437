namespace Orchestrator.Broker.Integration.Tests;

/// <summary>A control plane on a broker of its own, which other machines may join over TLS.</summary>
public sealed class OpenCluster : IAsyncLifetime
{
    private OwnBroker? _broker;
    private SingleNode? _control;

    /// <summary>For the state folders of machines.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("orch-test-join-").FullName;

    public OwnBroker Broker => _broker!;

    public SingleNode Control => _control!;

    /// <summary>Skips the test where the machine lacks something.</summary>
    public void Require()
    {
        Assert.SkipUnless(Engine.IsThere, Engine.Missing);
        Assert.SkipUnless(_broker is not null, Testing.Broker.Missing);
    }

    public async ValueTask InitializeAsync()
    {
        _broker = Engine.IsThere ? await OwnBroker.TryStartAsync() : null;
        if (_broker is not null)
        {
            _control = await SingleNode.StartAsync(_broker.ControlUri, new Dictionary<string, string>
            {
                ["Api__Join__BrokerManagement"] = _broker.ManagementUri,
                ["Api__Join__BrokerAddress"] = _broker.SecureAddress,
                ["Api__Join__CaFile"] = _broker.CaFile,
                ["Api__Join__UsedTokenKept"] = "00:00:03",
                ["Api__Join__SweepInterval"] = "00:00:00.500",
            });
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_control is not null)
        {
            await _control.DisposeAsync();
        }

        if (_broker is not null)
        {
            await _broker.DisposeAsync();
        }

        Directory.Delete(Folder, recursive: true);
    }
}
