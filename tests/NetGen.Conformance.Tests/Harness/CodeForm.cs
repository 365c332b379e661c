using NetGen.CompilerServices;
using NetGen.Conformance.Tests.Model;

namespace NetGen.Conformance.Tests.Harness;

/// <summary>Code that can differ: the kernels of a vector width, as they are generated for a framework.</summary>
internal sealed record CodeForm(VectorWidth Width, Consumer Consumer)
{
    /// <summary>
    /// What this processor can run. The widest kernels are compiled as for .NET 10 and the next as for .NET 8, where their text is the same
    /// (<see cref="Behaviour.ConsumerTests"/>); those of 128 bits, where it is not, as for both.
    /// </summary>
    public static IReadOnlyList<CodeForm> All { get; } = new CodeForm[]
        {
            new(VectorWidth.Vector512, Consumer.Net10), new(VectorWidth.Vector256, Consumer.Net8),
            new(VectorWidth.Vector128, Consumer.Net10), new(VectorWidth.Vector128, Consumer.Net8),
        }
        .Where(form => VectorSupport.IsSupported(form.Width)).ToArray();

    /// <summary>Every width, in one project, whose framework the network's words decide.</summary>
    public static IReadOnlyList<CodeForm> OfEveryWidthFor(Stack stack) => Of(stack, NetworkChecker.Widths);

    /// <summary>One width in one project, which the network's words decide.</summary>
    public static IReadOnlyList<CodeForm> OfOneWidthFor(Stack stack) =>
        Of(stack, [NetworkChecker.Widths[(int)(stack.WordHash / 2 % (uint)NetworkChecker.Widths.Count)]]);

    private static CodeForm[] Of(Stack stack, IReadOnlyList<VectorWidth> widths) =>
        [.. widths.Select(width => new CodeForm(width, Consumer.For(stack, widths)))];

    /// <summary>By what <see cref="ToString"/> says, for tests with a case for each.</summary>
    public static CodeForm Named(string name) => All.Single(form => form.ToString() == name);

    public static implicit operator VectorWidth(CodeForm form) => form.Width;

    public override string ToString() => $"{Width} for {Consumer}";
}
