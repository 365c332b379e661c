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

    /// <summary>
    /// What runs of a network where there are too many to compile each for all: one form, which the network's words decide; every width in
    /// one project with <c>NETGEN_EVERY_WIDTH=1</c>, a run of its own.
    /// </summary>
    /// <param name="onEveryWidth">Every width in any run.</param>
    public static IReadOnlyList<CodeForm> For(Stack stack, bool onEveryWidth = false)
    {
        if (onEveryWidth || Environment.GetEnvironmentVariable("NETGEN_EVERY_WIDTH") == "1")
        {
            var project = Consumer.Of(stack.WordHash % 2 == 0 ? Consumer.Net10 : Consumer.Net8, NetworkChecker.Widths);
            return [.. NetworkChecker.Widths.Select(width => new CodeForm(width, project))];
        }
        VectorWidth own = NetworkChecker.Widths[(int)(stack.WordHash / 2 % (uint)NetworkChecker.Widths.Count)];
        CodeForm[] forms = [.. All.Where(form => form.Width == own)];
        return [new CodeForm(own, Consumer.Of(forms[(int)(stack.WordHash % (uint)forms.Length)].Consumer, [own]))];
    }

    /// <summary>By what <see cref="ToString"/> says, for tests with a case for each.</summary>
    public static CodeForm Named(string name) => All.Single(form => form.ToString() == name);

    public static implicit operator VectorWidth(CodeForm form) => form.Width;

    public override string ToString() => $"{Width} for {Consumer}";
}
