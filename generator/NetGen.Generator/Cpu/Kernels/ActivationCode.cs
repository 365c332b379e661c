using NetGen.Generator.Functions;
using NetGen.Generator.Functions.Activations;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>Activations of vectors that kernels have in variables, registers or memory: operands and results are C# expressions.</summary>
internal static class ActivationCode
{
    /// <summary>f(x): one call, or operators that may need brackets around them.</summary>
    public static string Apply(this Activation activation, VectorIsa isa, KernelNames names, string x)
        => new VectorCode(isa, names).Text(ActivationFunction.For(activation).Apply(Operand(x)));

    /// <summary>gradient · f′, where saved is the output, or the input if <see cref="Activation.NeedsInput"/>.</summary>
    public static string ApplyDerivative(this Activation activation, VectorIsa isa, KernelNames names, string gradient, string saved)
        => new VectorCode(isa, names).Text(ActivationFunction.For(activation).Derivative(Operand(gradient), Operand(saved)));

    /// <summary>f(a) + f(b), where that costs less than both.</summary>
    public static string ApplySum(this Activation activation, VectorIsa isa, KernelNames names, string a, string b)
        => new VectorCode(isa, names).Text(ActivationFunction.For(activation).Sum(Operand(a), Operand(b)));

    private static ElementValue Operand(string expression) => ElementValue.Named(Expressions.Operand(expression));
}
