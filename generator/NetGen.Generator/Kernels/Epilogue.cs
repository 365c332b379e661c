using NetGen.Generator.Emit;
using NetGen.Generator.Emit.Isa;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Kernels;

/// <summary>Element-wise expressions on vectors: activations, and derivatives in terms of what the forward pass saved.</summary>
internal static class Epilogue
{
    /// <summary>Cheap enough to apply to accumulators in registers; the others run over the row just stored, while it is in L1.</summary>
    public static bool IsInRegister(ActivationKind? activation) => activation is null or ActivationKind.ReLU;

    /// <summary>Maximum that gives the second operand when either is NaN, so that a NaN in the network stays visible.</summary>
    public static string Maximum(VectorIsa isa, string bound, string value) => isa.Lanes switch
    {
        16 => $"Avx512F.Max({bound}, {value})",
        8 => $"Avx.Max({bound}, {value})",
        _ => $"Vector128.Max({bound}, {value})",
    };

    /// <summary>Minimum that gives the second operand when either is NaN.</summary>
    public static string Minimum(VectorIsa isa, string bound, string value) => isa.Lanes switch
    {
        16 => $"Avx512F.Min({bound}, {value})",
        8 => $"Avx.Min({bound}, {value})",
        _ => $"Vector128.Min({bound}, {value})",
    };

    /// <summary>activation(x) as a vector expression.</summary>
    public static string Apply(VectorIsa isa, KernelNames names, ActivationKind kind, string x)
    {
        string one = isa.Broadcast("1f"), half = isa.Broadcast("0.5f");
        return kind switch
        {
            ActivationKind.ReLU => Maximum(isa, isa.Zero, x),
            ActivationKind.Sigmoid => $"{names.Math(VectorFunction.Sigmoid)}({x})",
            ActivationKind.Tanh => $"{names.Math(VectorFunction.Tanh)}({x})",
            ActivationKind.GELU => $"{half} * {x} * ({one} + {names.Math(VectorFunction.Erf)}({x} * {isa.Broadcast("0.70710678f")}))",
            ActivationKind.GELUTanh => $"{half} * {x} * ({one} + {names.Math(VectorFunction.Tanh)}({isa.Broadcast("0.79788456f")} * ({x} + {isa.Broadcast("0.044715f")} * {x} * {x} * {x})))",
            _ => throw new NotSupportedException($"No vector form of {kind}."),
        };
    }

    /// <summary>gradient · activation′, where saved is the activation's output (its input for GELU).</summary>
    public static string ApplyDerivative(VectorIsa isa, KernelNames names, ActivationKind kind, string gradient, string saved)
    {
        string one = isa.Broadcast("1f");
        switch (kind)
        {
            case ActivationKind.ReLU:
                return $"{isa.Static}.ConditionalSelect({isa.Static}.GreaterThan({saved}, {isa.Zero}), {gradient}, {isa.Zero})";
            case ActivationKind.Sigmoid:
                return $"{gradient} * {saved} * ({one} - {saved})";
            case ActivationKind.Tanh:
                return $"{gradient} * ({one} - {saved} * {saved})";
            case ActivationKind.GELU:
                // Φ(x) + x φ(x). Beyond ±13 the second term is below the smallest float, and the exponential, which ends there, must not be lifted by x.
                string bounded = Minimum(isa, isa.Broadcast("13f"), Maximum(isa, isa.Broadcast("-13f"), saved));
                return $"{gradient} * ({isa.Broadcast("0.5f")} * ({one} + {names.Math(VectorFunction.Erf)}({saved} * {isa.Broadcast("0.70710678f")})) + {names.Math(VectorFunction.GeluSlope)}({bounded}))";
            case ActivationKind.GELUTanh:
                // ½(1 + t) + ½x(1 − t²)·√(2/π)·(1 + 3·0.044715·x²), with t = tanh(√(2/π)·(x + 0.044715·x³))
                string t = $"{names.Math(VectorFunction.Tanh)}({isa.Broadcast("0.79788456f")} * ({saved} + {isa.Broadcast("0.044715f")} * {saved} * {saved} * {saved}))";
                return $"{gradient} * {names.Math(VectorFunction.GeluTanhDerivative)}({saved}, {t})";
            default:
                throw new NotSupportedException($"No derivative of {kind}.");
        }
    }
}
