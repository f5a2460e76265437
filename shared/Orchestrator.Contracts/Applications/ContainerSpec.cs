namespace Orchestrator.Contracts;

/// <summary>The container of a task. Absent values are the image's.</summary>
public sealed record ContainerSpec
{
    public string Image { get; init; } = "";
    public PullPolicy PullPolicy { get; init; } = PullPolicy.Missing;

    /// <summary>Null: the image's. Empty: none.</summary>
    public IReadOnlyList<string>? Entrypoint { get; init; }

    /// <summary>Null: the image's. Empty: none.</summary>
    public IReadOnlyList<string>? Command { get; init; }

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
    public string? Hostname { get; init; }
    public string? User { get; init; }
    public string? WorkingDirectory { get; init; }
    public string? StopSignal { get; init; }

    /// <summary>From the stop signal to the kill.</summary>
    public double StopGracePeriodSeconds { get; init; } = 10;

    /// <summary>Run an init process that reaps children and forwards signals.</summary>
    public bool Init { get; init; }

    public bool ReadOnly { get; init; }
    public HealthcheckSpec? Healthcheck { get; init; }
    public IReadOnlyList<MountSpec> Mounts { get; init; } = [];
}
