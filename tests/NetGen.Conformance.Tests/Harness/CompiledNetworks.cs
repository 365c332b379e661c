using System.Collections.Concurrent;
using NetGen.Conformance.Tests.Golden;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;

namespace NetGen.Conformance.Tests.Harness;

/// <summary>Networks compiled once for all tests that use them, in groups: one compilation is quicker than many.</summary>
internal static class CompiledNetworks
{
    private static readonly Lazy<Group> Goldens = new(() => new Group(GoldenFile.Names.Select(n => GoldenFile.Read(n).Stack).ToArray()));
    private static readonly ConcurrentDictionary<string, Group> Tables = new();
    private static readonly Lazy<Group> StreamNetworks = new(() => new Group(StreamRows.Stacks, DeclaredAs.Stream));
    private static readonly ConcurrentDictionary<(string Text, Consumer Consumer), ICompiledNetwork> Singles = new();

    /// <param name="consumer">The project that it is compiled for, here and in the groups: by default one for .NET 10.</param>
    public static ICompiledNetwork Golden(string name, Consumer? consumer = null) =>
        Goldens.Value[GoldenFile.Read(name).Stack.Name, consumer];

    /// <summary>All golden networks.</summary>
    public static Group AllGolden => Goldens.Value;

    /// <summary>The networks of <see cref="StreamRows"/>.</summary>
    public static Group Streams => StreamNetworks.Value;

    /// <summary>The networks of a group of <see cref="NetworkTable"/>.</summary>
    public static Group Table(string group) => Tables.GetOrAdd(group, name => new Group(NetworkTable.Stacks(name).ToArray()));

    /// <summary>One network compiled alone, for tests that look at few.</summary>
    /// <param name="consumer">By default a project for .NET 10 with kernels of every width.</param>
    public static ICompiledNetwork Of(Stack stack, Consumer? consumer = null) =>
        Singles.GetOrAdd((stack.Text, consumer ?? Consumer.Net10OfEveryWidth),
            key => NetworkCompiler.Compile([stack], key.Consumer).Networks[stack.Name]);

    /// <summary>
    /// Networks that are compiled together. If that fails, each is compiled alone when it is asked for, so that one that does
    /// not compile fails its own test only.
    /// </summary>
    public sealed class Group(IReadOnlyList<Stack> stacks, DeclaredAs declaredAs = DeclaredAs.Usual)
    {
        private readonly ConcurrentDictionary<Consumer, Lazy<(NetworkCompiler? Compiler, Exception? Failure)>> _together = new();
        private readonly ConcurrentDictionary<(string ClassName, Consumer Consumer), Lazy<ICompiledNetwork>> _alone = new();

        public IReadOnlyList<Stack> Stacks => stacks;

        public NetworkCompiler Together(Consumer consumer) => TryTogether(consumer).Compiler
            ?? throw new InvalidOperationException($"The networks do not compile together for {consumer}.", TryTogether(consumer).Failure);

        public ICompiledNetwork this[string className, Consumer? consumer = null]
        {
            get
            {
                consumer ??= Consumer.Net10;
                if (TryTogether(consumer).Compiler is { } together)
                    return together.Networks[className];
                Stack stack = stacks.Single(s => s.Name == className);
                return _alone.GetOrAdd((className, consumer),
                    _ => new Lazy<ICompiledNetwork>(() => NetworkCompiler.Compile([stack], consumer, declaredAs: declaredAs).Networks[className])).Value;
            }
        }

        private (NetworkCompiler? Compiler, Exception? Failure) TryTogether(Consumer consumer) =>
            _together.GetOrAdd(consumer, _ => new(() =>
        {
            try
            {
                return (NetworkCompiler.Compile(stacks, consumer, declaredAs: declaredAs), null);
            }
            catch (Exception failure)
            {
                return (null, failure);
            }
        })).Value;
    }
}
