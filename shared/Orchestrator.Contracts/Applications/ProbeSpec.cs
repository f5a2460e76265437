namespace Orchestrator.Contracts;

/// <summary>One question and how often it is asked. Exactly one of the first five is there.</summary>
public sealed record ProbeSpec
{
    public HttpProbeSpec? Http { get; init; }
    public TcpProbeSpec? Tcp { get; init; }
    public ExecProbeSpec? Exec { get; init; }
    public GrpcProbeSpec? Grpc { get; init; }
    public PostedProbeSpec? Posted { get; init; }

    public double InitialDelaySeconds { get; init; }
    public double PeriodSeconds { get; init; } = 10;
    public double TimeoutSeconds { get; init; } = 1;

    /// <summary>So many times in a row, after a failure.</summary>
    public int SuccessThreshold { get; init; } = 1;

    /// <summary>So many times in a row.</summary>
    public int FailureThreshold { get; init; } = 3;
}
