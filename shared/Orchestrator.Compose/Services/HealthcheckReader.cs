using Orchestrator.Compose.Reading;
using Orchestrator.Compose.Yaml;
using Orchestrator.Contracts;

namespace Orchestrator.Compose.Services;

internal static class HealthcheckReader
{
    private const int MaxRetries = 1000;
    private const double LeastSeconds = 0.001;

    public static HealthcheckSpec? Read(MapReader service)
    {
        if (service.OpenMap("healthcheck") is not { } map)
        {
            return null;
        }

        var messages = map.Messages;
        var test = map.ReadObject("test", (node, key) => Test(messages, node, key));
        var disabled = (map.Read<bool>("disable", messages.Boolean) ?? false) || test is ["NONE"];
        var spec = new HealthcheckSpec
        {
            Disabled = disabled,
            Test = disabled ? null : test,
            IntervalSeconds = map.Read<double>("interval", (node, key) => AtLeast(messages, node, key)),
            TimeoutSeconds = map.Read<double>("timeout", (node, key) => AtLeast(messages, node, key)),
            Retries = map.Read<int>("retries", (node, key) => messages.Integer(node, key, 1, MaxRetries)),
            StartPeriodSeconds = map.Read<double>("start_period", messages.Duration),
            StartIntervalSeconds = map.Read<double>("start_interval", (node, key) => AtLeast(messages, node, key)),
        };
        map.Finish();
        return spec;
    }

    /// <summary>The engine takes no check more often than each millisecond.</summary>
    private static double? AtLeast(Messages messages, YamlNode node, string key)
    {
        var seconds = messages.Duration(node, key);
        if (seconds < LeastSeconds)
        {
            messages.Error(node, key, "less than 1ms cannot be; write 1s or more");
            return null;
        }

        return seconds;
    }

    private static IReadOnlyList<string>? Test(Messages messages, YamlNode node, string key)
    {
        if (node is not YamlList)
        {
            return messages.Text(node, key) is { } command ? ["CMD-SHELL", command] : null;
        }

        var words = messages.Texts(node, key);
        if (words is not null && words is not ["NONE"] and not ["CMD" or "CMD-SHELL", _, ..])
        {
            messages.Error(node, key, "the list must begin with CMD or CMD-SHELL and a command, or be [NONE]; write a text for a shell command");
            return null;
        }

        return words;
    }
}
