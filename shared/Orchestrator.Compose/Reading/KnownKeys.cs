namespace Orchestrator.Compose.Reading;

/// <summary>Keys of the Compose specification that have no effect here.</summary>
internal static class KnownKeys
{
    public static readonly string[] Top = ["configs", "secrets", "include", "models"];

    public static readonly string[] Service =
    [
        "annotations", "attach", "blkio_config", "build", "cap_add", "cap_drop", "cgroup", "cgroup_parent", "configs", "container_name", "cpu_count", "cpu_percent",
        "cpu_period", "cpu_quota", "cpu_rt_period", "cpu_rt_runtime", "cpu_shares", "cpus", "cpuset", "credential_spec", "develop", "device_cgroup_rules", "devices",
        "dns", "dns_opt", "dns_search", "domainname", "expose", "extends", "external_links", "extra_hosts", "gpus", "group_add", "ipc", "isolation", "label_file",
        "logging", "mac_address", "mem_limit", "mem_reservation", "mem_swappiness", "memswap_limit", "models", "network_mode", "oom_kill_disable",
        "oom_score_adj", "pid", "pids_limit", "post_start", "pre_stop", "privileged", "profiles", "provider", "runtime", "secrets", "security_opt",
        "shm_size", "stdin_open", "storage_opt", "sysctls", "tmpfs", "tty", "ulimits", "use_api_socket", "userns_mode", "uts", "volumes_from",
    ];

    public static readonly string[] Network = ["driver", "driver_opts", "attachable", "enable_ipv4", "enable_ipv6", "ipam", "labels"];

    public static readonly string[] Attachment = ["ipv4_address", "ipv6_address", "link_local_ips", "mac_address", "priority", "gw_priority", "interface_name", "driver_opts"];

    public static readonly string[] Resources = ["pids"];

    public static readonly string[] Port = ["name", "app_protocol"];

    public static readonly string[] Mount = ["consistency", "bind", "volume", "tmpfs", "image", "npipe", "cluster"];

    public static readonly string[] Dependency = ["required", "restart"];
}
