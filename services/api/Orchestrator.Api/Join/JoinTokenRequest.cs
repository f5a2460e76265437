using Orchestrator.Contracts;

namespace Orchestrator.Api.Join;

/// <param name="Role">Default: worker.</param>
/// <param name="LifetimeSeconds">Default: the option's.</param>
internal sealed record JoinTokenRequest(NodeRole? Role, double? LifetimeSeconds);
