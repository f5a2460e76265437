namespace Orchestrator.Contracts.Tests.Bus;

/// <summary>Stands for a message in the sending pipe; <see cref="RawText"/> puts another body in its place.</summary>
public sealed record Carrier;
