using NetGen.Generator.Diagnostics;
using NetGen.Generator.Text;

namespace NetGen.Generator.Layers;

/// <summary>The small number that keeps a layer from dividing by zero, PyTorch's <c>eps</c>, of layers that take 0 as well.</summary>
internal static class Epsilon
{
    /// <summary>Reports NG1074 unless it is finite and not negative.</summary>
    public static void Check(float eps, LayerContext context)
    {
        if (context.RequireFinite(eps, "eps") && eps < 0)
            context.Report(DiagnosticDescriptors.ConstantOutOfRange, "eps", context.DisplayName, "eps", "0 or more",
                MessageText.Fraction(eps));
    }

    /// <summary>What a title says of it: nothing where it is the usual one.</summary>
    public static string Option(float eps, float usual) => eps == usual ? "" : $", eps {Invariant.Text(eps)}";
}
