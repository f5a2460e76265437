using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Placement.Constraints;

namespace Orchestrator.Scheduler.Domain.Placement;

/// <summary>Tasks of a service are spread over the values of an attribute. A list of these is a tree: each spreads within the one before it.</summary>
/// <param name="MaxSkew">How many tasks a value may have more than the one with the fewest. Within it, other scores decide. At least 1.</param>
/// <param name="Hard">Tasks wait where they would break it; else such nodes only score less.</param>
public sealed record SpreadPreference(NodeAttribute Attribute, int MaxSkew = 1, bool Hard = false);
