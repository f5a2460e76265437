namespace Orchestrator.Faults.EndToEnd.Tests;

/// <summary>A scene that the tests of a class share.</summary>
public abstract class SceneFixture(ClusterShape shape, bool onLab = false) : IAsyncLifetime
{
    private Scene? _scene;
    private string? _missing;

    /// <summary>Sooner than by default, so that the tests need not wait.</summary>
    protected static IReadOnlyDictionary<string, string> Impatient { get; } = new Dictionary<string, string>
    {
        ["Scheduler__ReservationGrace"] = "00:00:05",
        ["Scheduler__ReservationSweepInterval"] = "00:00:02",
        ["Scheduler__InstructAgainAfter"] = "00:00:02",
        ["Api__PublishAgainAfter"] = "00:00:02",
    };

    public Scene Scene
    {
        get
        {
            Assert.SkipUnless(_missing is null, _missing ?? "");
            return _scene!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        _missing = await Cluster.MissingAsync() ?? (onLab ? await Lab.MissingAsync() : null);
        if (_missing is null)
        {
            await Engine.ImageAsync(1);
            _scene = await Scene.TryStartAsync(shape, onLab);
            _missing = _scene is null ? Broker.Missing : null;
        }

        if (_scene is not null)
        {
            await PrepareAsync(_scene);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_scene is not null)
        {
            await _scene.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    protected virtual Task PrepareAsync(Scene scene) => Task.CompletedTask;
}
