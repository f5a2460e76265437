using System.Text.Json;
using Orchestrator.Contracts;
using Orchestrator.State;

namespace Orchestrator.Api.Commands;

/// <summary>Between messages and stored commands.</summary>
internal static class CommandMessages
{
    public const string DeployApp = "deploy-app";
    public const string ScaleService = "scale-service";
    public const string RemoveApp = "remove-app";
    public const string RemoveNode = "remove-node";
    public const string SteerRollout = "steer-rollout";
    public const string RollbackService = "rollback-service";
    public const string UpdateNode = "update-node";

    public static string Body<T>(T message) => JsonSerializer.Serialize(message, JsonSerializerOptions.Web);

    /// <summary>The message with the place the store gave it.</summary>
    public static object Message(CommandDocument command) => command.Command switch
    {
        DeployApp => Read<DeployApp>(command) with { Order = command.Order },
        ScaleService => Read<ScaleService>(command) with { Order = command.Order },
        RemoveApp => Read<RemoveApp>(command) with { Order = command.Order },
        RemoveNode => Read<RemoveNode>(command),
        SteerRollout => Read<SteerRollout>(command),
        RollbackService => Read<RollbackService>(command) with { Order = command.Order },
        UpdateNode => Read<UpdateNode>(command),
        _ => throw new InvalidOperationException($"command {command.Id}: '{command.Command}' is not known"),
    };

    private static T Read<T>(CommandDocument command) => JsonSerializer.Deserialize<T>(command.Body, JsonSerializerOptions.Web)!;
}
