using System.Globalization;
using Orchestrator.Compose.Reading;
using Orchestrator.Contracts;

namespace Orchestrator.Compose.Services;

/// <summary>Reads <c>restart</c>: no, always, unless-stopped, on-failure, on-failure:N.</summary>
internal static class RestartReader
{
    public static RestartPolicy? Read(MapReader map) => map.ReadObject("restart", (node, key) =>
    {
        var text = map.Messages.Text(node, key);
        RestartPolicy? policy = text?.Split(':', 2) switch
        {
            ["no" or "false"] => new RestartPolicy { Condition = RestartCondition.None },
            ["always" or "unless-stopped"] => new RestartPolicy { Condition = RestartCondition.Any },
            ["on-failure"] => new RestartPolicy { Condition = RestartCondition.OnFailure },
            ["on-failure", var times] when int.TryParse(times, NumberStyles.None, CultureInfo.InvariantCulture, out var most) =>
                new RestartPolicy { Condition = RestartCondition.OnFailure, MaxAttempts = most },
            _ => null,
        };
        if (text is not null && policy is null)
        {
            map.Messages.Error(node, key, $"'{text}' cannot be here; write \"no\", always, on-failure, on-failure:N or unless-stopped");
        }

        return policy;
    });
}
