namespace NetGen.Conformance.Tests.Harness;

/// <summary>What networks run on, with the ways to run them there that are compared. A further one is a further value.</summary>
internal sealed class Backend
{
    private readonly string _name;

    private Backend(
        string name, Func<Backend, IEnumerable<Configuration>> configurations, Func<Backend, IEnumerable<Configuration>> every)
    {
        _name = name;
        Configurations = [.. configurations(this)];
        Every = [.. every(this)];
    }

    /// <summary>
    /// The widest vectors on one, two and three threads, the others on two, three and one: with fewer samples than threads these share
    /// each.
    /// </summary>
    public static Backend Cpu { get; } = new("Cpu", cpu => CodeForm.All.SelectMany((form, i) =>
        (i == 0 ? new[] { 1, 2, 3 } : [i % 3 + 1]).Select(threads => new Configuration(cpu, form, threads))),
        cpu => CodeForm.All.SelectMany(form => new[] { 1, 2, 3 }.Select(threads => new Configuration(cpu, form, threads))));

    public static IReadOnlyList<Backend> All { get; } = [Cpu];

    /// <summary>Those that are compared where nothing else is said: all code, and all numbers of threads.</summary>
    public IReadOnlyList<Configuration> Configurations { get; }

    /// <summary>All code with all numbers of threads.</summary>
    public IReadOnlyList<Configuration> Every { get; }

    public override string ToString() => _name;
}
