using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>Elementary functions on vectors, for each instruction set. NaN passes through all of them.</summary>
internal static class VectorFunctions
{
    public static string Render(VectorFunction function, VectorIsa isa, KernelNames names)
    {
        var writer = new SourceWriter();
        string v = isa.Type, s = isa.Static;
        string C(string constant) => isa.Broadcast(constant);
        string Fma(string a, string b, string c) => isa.MultiplyAdd(a, b, c);
        string Max(string bound, string x) => Epilogue.Maximum(isa, bound, x);
        string Min(string bound, string x) => Epilogue.Minimum(isa, bound, x);

        switch (function)
        {
            case VectorFunction.Exp:
                Head("eˣ to about 2 ulp, by gradual underflow to 0 at −∞; inputs above 45 give the value there.",
                    "x = n ln 2 + r with |r| at most ½ ln 2; a polynomial of degree 6 in r, scaled through the exponent's bits by 2ⁿ⁺⁶², which is a normal number, and by 2⁻⁶².");
                using (writer.Block($"private static {v} Exp_{isa.Suffix}({v} x)"))
                {
                    EmitExponential("-104f", "45f", 62);
                    writer.Line($"return power * {C("2.168404345e-19f")};");
                }
                break;
            case VectorFunction.Sigmoid:
                Head("1 / (1 + e⁻ˣ), by gradual underflow to 0 at −∞.", "2⁻⁶⁴ / (2⁻⁶⁴ + 2⁻⁶⁴ e⁻ˣ), where nothing overflows.");
                using (writer.Block($"private static {v} Sigmoid_{isa.Suffix}({v} x)"))
                {
                    writer.Line("x = -x;");
                    EmitExponential("-42f", "110f", -64);
                    writer.Line($"{v} one = {C("5.421010862e-20f")};");
                    writer.Line("return one / (one + power);");
                }
                break;
            case VectorFunction.SigmoidSum:
                writer.Line("/// <summary>1 / (1 + e⁻ᵃ) + 1 / (1 + e⁻ᵇ), with one division: (A + B) / AB. Sums below the normal numbers may be zero.</summary>");
                writer.Line("/// <remarks>e⁻ˣ = 2ⁿ 2ʳ with n + r = −x log₂ e and |r| at most ½: a polynomial of degree 5 in r, 1e-7, scaled through the exponent's bits. A and B are 2⁻⁶³ of what they stand for, so that AB overflows only where the sum is below the normal numbers.</remarks>");
                writer.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
                using (writer.Block($"private static {v} SigmoidSum_{isa.Suffix}({v} a, {v} b)"))
                {
                    foreach (string x in new[] { "a", "b" })
                    {
                        // A must stay finite; NaN passes.
                        writer.Line($"{x} = {Min(C("43f"), Max(C("-88.73f"), x))};");
                        writer.Line($"{v} {x}Shifted = {Fma(x, C("-1.44269504f"), C("12582849f"))}, {x}Rest = {Fma(x, C("-1.44269504f"), $"({C("12582849f")} - {x}Shifted)")};");
                    }
                    foreach (string x in new[] { "a", "b" })
                    {
                        writer.Line($"{v} {x}Power = {Fma($"{x}Rest", C("1.32647296e-3f"), C("9.67151299e-3f"))};");
                        foreach (string coefficient in new[] { "5.55073358e-2f", "2.40222424e-1f", "6.93147004e-1f", "1f" })
                            writer.Line($"{x}Power = {Fma($"{x}Power", $"{x}Rest", C(coefficient))};");
                        writer.Line($"{x}Power = (({x}Power.AsInt32() + {s}.ShiftLeft({x}Shifted.AsInt32(), 23)).AsSingle() + {C("1.0842021725e-19f")});");
                    }
                    writer.Line($"return (aPower + bPower) / (aPower * bPower) * {C("1.0842021725e-19f")};");
                }
                break;
            case VectorFunction.Tanh:
                writer.Line("/// <summary>tanh x: an odd polynomial below ⅝, and 1 − 2 / (e²ˣ + 1) with x's sign above, where it does not cancel.</summary>");
                writer.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
                using (writer.Block($"private static {v} Tanh_{isa.Suffix}({v} x)"))
                {
                    writer.Line($"{v} magnitude = {s}.Abs(x), square = x * x;");
                    // Minimax coefficients of (tanh x − x) / x³ in x² on [0, ⅝].
                    writer.Line($"{v} p = {Fma("square", C("-5.70498872745e-3f"), C("2.06390887954e-2f"))};");
                    foreach (string coefficient in new[] { "-5.37397155531e-2f", "1.33314422036e-1f", "-3.33332819422e-1f" })
                        writer.Line($"p = {Fma("p", "square", C(coefficient))};");
                    writer.Line($"{v} small = {Fma("p * square", "x", "x")};");
                    // e²ˣ ends at e⁴⁵, where the result has been 1 for long.
                    writer.Line($"{v} large = {C("1f")} - {C("2f")} / ({names.Math(VectorFunction.Exp)}(magnitude + magnitude) + {C("1f")});");
                    writer.Line($"large = {s}.ConditionalSelect({C("-0f")}, x, large);");
                    writer.Line($"return {s}.ConditionalSelect({s}.GreaterThan(magnitude, {C("0.625f")}), large, small);");
                }
                break;
            case VectorFunction.Erf:
                writer.Line("/// <summary>The error function, to about 1e-7: 1 − t·p(t)·e^(−x²) with t = 1 / (1 + 0.3275911 |x|), and x's sign.</summary>");
                writer.Line("/// <remarks>Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26; an odd series below ½, where it would cancel.</remarks>");
                writer.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
                using (writer.Block($"private static {v} Erf_{isa.Suffix}({v} x)"))
                {
                    writer.Line($"{v} magnitude = {s}.Abs(x), square = x * x;");
                    writer.Line($"{v} t = {C("1f")} / {Fma("magnitude", C("0.3275911f"), C("1f"))};");
                    writer.Line($"{v} p = {Fma("t", C("1.061405429f"), C("-1.453152027f"))};");
                    foreach (string coefficient in new[] { "1.421413741f", "-0.284496736f", "0.254829592f" })
                        writer.Line($"p = {Fma("p", "t", C(coefficient))};");
                    writer.Line($"{v} large = {C("1f")} - p * t * {names.Math(VectorFunction.Exp)}(-square);");
                    writer.Line($"large = {s}.ConditionalSelect({C("-0f")}, x, large);");
                    // 2/√π Σ (−1)ⁿ x²ⁿ⁺¹ / (n! (2n + 1))
                    writer.Line($"{v} q = {Fma("square", C("-8.54832702e-4f"), C("5.22397762e-3f"))};");
                    foreach (string coefficient in new[] { "-2.68661706e-2f", "1.12837917e-1f", "-3.76126389e-1f", "1.12837917f" })
                        writer.Line($"q = {Fma("q", "square", C(coefficient))};");
                    writer.Line($"return {s}.ConditionalSelect({s}.GreaterThan(magnitude, {C("0.5f")}), large, q * x);");
                }
                break;
            case VectorFunction.Larger:
                writer.Line("/// <summary>The larger of two; a NaN wins, as in PyTorch's max pooling.</summary>");
                writer.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
                using (writer.Block($"private static {v} Larger_{isa.Suffix}({v} largest, {v} x)"))
                    writer.Line($"return {s}.ConditionalSelect({s}.GreaterThan(x, largest) | ~{s}.Equals(x, x), x, largest);");
                break;
            case VectorFunction.GeluSlope:
                writer.Line("/// <summary>x φ(x), with the density φ(x) = e^(−x²/2) / √(2π).</summary>");
                writer.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
                using (writer.Block($"private static {v} GeluSlope_{isa.Suffix}({v} x)"))
                    writer.Line($"return x * {C("0.39894228f")} * {names.Math(VectorFunction.Exp)}({C("-0.5f")} * x * x);");
                break;
            case VectorFunction.GeluTanhDerivative:
                writer.Line("/// <summary>½(1 + t) + ½x(1 − t²)·√(2/π)·(1 + 3·0.044715·x²), with t = tanh(√(2/π)·(x + 0.044715·x³)).</summary>");
                writer.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
                using (writer.Block($"private static {v} GeluTanhDerivative_{isa.Suffix}({v} x, {v} t)"))
                {
                    writer.Line($"{v} one = {C("1f")}, half = {C("0.5f")};");
                    writer.Line($"return half * (one + t) + half * x * (one - t * t) * {C("0.79788456f")} * (one + {C("0.134145f")} * x * x);");
                }
                break;
            case VectorFunction.Expm1:
                Head("eˣ − 1 to about 2 ulp; inputs below −87.3 and above 88.3 give the value there.",
                    "x = n ln 2 + r with |r| at most ½ ln 2; with q = eʳ − 1 from its series, 2ⁿ q + (2ⁿ − 1), which is q itself near zero.");
                using (writer.Block($"private static {v} Expm1_{isa.Suffix}({v} x)"))
                {
                    EmitReduction("-87.3f", "88.3f", 0);
                    writer.Line($"{v} p = {Fma("r", C("1.98412698e-4f"), C("1.38888889e-3f"))};");
                    foreach (string coefficient in new[] { "8.33333333e-3f", "4.16666667e-2f", "1.66666667e-1f", "0.5f" })
                        writer.Line($"p = {Fma("p", "r", C(coefficient))};");
                    writer.Line($"{v} q = {Fma("p * r", "r", "r")};");
                    writer.Line($"{v} scale = ({s}.ShiftLeft(shifted.AsInt32(), 23) + {C("1f")}.AsInt32()).AsSingle();");
                    writer.Line($"return {Fma("scale", "q", $"scale - {C("1f")}")};");
                }
                break;
            case VectorFunction.Log1p:
                Head("ln(1 + x) to about 2 ulp, for x from 0 to 1.",
                    "1 + x = 2ᵏ (1 + f) with 1 + f from √½ to √2; ln(1 + f) = f − f²/2 + f³ p(f) with a minimax polynomial of degree 7, to 6e-9.");
                using (writer.Block($"private static {v} Log1p_{isa.Suffix}({v} x)"))
                {
                    writer.Line($"{v} halved = {s}.GreaterThan(x, {C("0.41421356f")});");
                    writer.Line($"{v} f = {s}.ConditionalSelect(halved, {C("0.5f")} * x - {C("0.5f")}, x), square = f * f;");
                    writer.Line($"{v} p = {Fma("f", C("-7.88629353e-2f"), C("1.291878521e-1f"))};");
                    foreach (string coefficient in new[] { "-1.313568056e-1f", "1.417642236e-1f", "-1.66234374e-1f", "2.000246495e-1f", "-2.500084341e-1f", "3.333331347e-1f" })
                        writer.Line($"p = {Fma("p", "f", C(coefficient))};");
                    writer.Line($"{v} logarithm = {Fma("square", Fma("p", "f", C("-0.5f")), "f")};");
                    writer.Line($"return logarithm + (halved & {C("0.69314718f")});");
                }
                break;
            case VectorFunction.Log:
                Head("ln x to about 2 ulp: −∞ at zero, NaN below, ∞ at ∞.",
                    "x = 2ⁿ (1 + f) with 1 + f from √½ to √2; ln(1 + f) = f − f²/2 + f³ p(f) with a minimax polynomial of degree 7, to 6e-9.");
                using (writer.Block($"private static {v} Log_{isa.Suffix}({v} x)"))
                {
                    string integers = $"{s}<int>";
                    writer.Line("// Numbers below the normal ones are lifted by 2²³ first.");
                    writer.Line($"{v} tiny = {s}.LessThan(x, {C("1.17549435e-38f")});");
                    writer.Line($"{integers} bits = {s}.ConditionalSelect(tiny, x * {C("8388608f")}, x).AsInt32();");
                    writer.Line($"{integers} exponent = {s}.ShiftRightArithmetic(bits - {s}.Create(0x3F3504F3), 23);");
                    writer.Line($"{v} f = (bits - {s}.ShiftLeft(exponent, 23)).AsSingle() - {C("1f")}, square = f * f;");
                    writer.Line($"{v} n = {s}.ConvertToSingle(exponent) - (tiny & {C("23f")});");
                    writer.Line($"{v} p = {Fma("f", C("-7.88629353e-2f"), C("1.291878521e-1f"))};");
                    foreach (string coefficient in new[] { "-1.313568056e-1f", "1.417642236e-1f", "-1.66234374e-1f", "2.000246495e-1f", "-2.500084341e-1f", "3.333331347e-1f" })
                        writer.Line($"p = {Fma("p", "f", C(coefficient))};");
                    writer.Line("// n ln 2 in two parts, so that the larger is exact.");
                    writer.Line($"{v} small = {Fma("n", C("-2.12194440e-4f"), $"square * {Fma("p", "f", C("-0.5f"))}")};");
                    writer.Line($"{v} logarithm = {Fma("n", C("0.693359375f"), "(small + f)")};");
                    writer.Line($"{v} edge = {s}.ConditionalSelect({s}.Equals(x, {isa.Zero}), {C("float.NegativeInfinity")}, {s}.ConditionalSelect({s}.GreaterThan(x, {isa.Zero}), x, {C("float.NaN")}));");
                    writer.Line($"return {s}.ConditionalSelect({s}.GreaterThan(x, {isa.Zero}) & {s}.LessThan(x, {C("float.PositiveInfinity")}), logarithm, edge);");
                }
                break;
            case VectorFunction.LeakyReLU:
                Head("x above zero, slope · x below.");
                using (writer.Block($"private static {v} LeakyReLU_{isa.Suffix}({v} x, {v} slope)"))
                    writer.Line($"return {s}.ConditionalSelect({s}.GreaterThan(x, {isa.Zero}), x, x * slope);");
                break;
            case VectorFunction.ELU:
                Head("above · x above zero, below · (eˣ − 1) below.");
                using (writer.Block($"private static {v} ELU_{isa.Suffix}({v} x, {v} above, {v} below)"))
                    writer.Line($"return {s}.ConditionalSelect({s}.GreaterThan(x, {isa.Zero}), above * x, below * {names.Math(VectorFunction.Expm1)}(x));");
                break;
            case VectorFunction.SiLU:
                Head("x / (1 + e⁻ˣ); at −∞ the limit, 0.");
                using (writer.Block($"private static {v} SiLU_{isa.Suffix}({v} x)"))
                    writer.Line($"return {Max(C("-3e38f"), "x")} * {names.Math(VectorFunction.Sigmoid)}(x);");
                break;
            case VectorFunction.SiLUSlope:
                Head("s + x s (1 − s) with s = 1 / (1 + e⁻ˣ): of s and 1 − s the larger is 1 / (1 + e^−|x|), and the other e^−|x| times that, which does not cancel.");
                using (writer.Block($"private static {v} SiLUSlope_{isa.Suffix}({v} x)"))
                {
                    writer.Line("// Beyond ±104 the slope is 0 or 1, infinity included.");
                    writer.Line($"x = {Min(C("104f"), Max(C("-104f"), "x"))};");
                    writer.Line($"{v} e = {names.Math(VectorFunction.Exp)}(-{s}.Abs(x)), larger = {C("1f")} / ({C("1f")} + e), smaller = e * larger;");
                    writer.Line($"return {Fma("x * larger", "smaller", $"{s}.ConditionalSelect({s}.LessThan(x, {isa.Zero}), smaller, larger)")};");
                }
                break;
            case VectorFunction.Mish:
                Head("x tanh(ln(1 + eˣ)): with e = eˣ the tanh is n / (n + 2), n = e (e + 2), which does not cancel.");
                using (writer.Block($"private static {v} Mish_{isa.Suffix}({v} x)"))
                {
                    writer.Line("// Above 20 the tanh is 1; −∞ must not meet its zero.");
                    writer.Line($"{v} e = {names.Math(VectorFunction.Exp)}({Min(C("20f"), "x")}), n = e * (e + {C("2f")});");
                    writer.Line($"return {Max(C("-3e38f"), "x")} * (n / (n + {C("2f")}));");
                }
                break;
            case VectorFunction.MishSlope:
                Head("t + x s (1 − t²) with t = tanh(ln(1 + eˣ)) and s = 1 / (1 + e⁻ˣ): n / (n + 2) + 4x e (e + 1) / (n + 2)², n = e (e + 2), e = eˣ.");
                using (writer.Block($"private static {v} MishSlope_{isa.Suffix}({v} x)"))
                {
                    writer.Line("// Above 20 the slope is 1, below −104 it is 0.");
                    writer.Line($"x = {Min(C("20f"), Max(C("-104f"), "x"))};");
                    writer.Line($"{v} e = {names.Math(VectorFunction.Exp)}(x), n = e * (e + {C("2f")}), inverse = {C("1f")} / (n + {C("2f")});");
                    writer.Line($"return inverse * {Fma(C("4f") + " * x * e", $"(e + {C("1f")}) * inverse", "n")};");
                }
                break;
            case VectorFunction.Hardswish:
                Head("x · min(max(x + 3, 0), 6) / 6.");
                using (writer.Block($"private static {v} Hardswish_{isa.Suffix}({v} x)"))
                    writer.Line($"return x * ({Min(C("6f"), Max(isa.Zero, $"(x + {C("3f")})"))} * {C("0.16666667f")});");
                break;
            case VectorFunction.HardswishSlope:
                Head("0 below −3, 1 above 3, x / 3 + ½ between, as in PyTorch at the bounds too.");
                using (writer.Block($"private static {v} HardswishSlope_{isa.Suffix}({v} x)"))
                {
                    writer.Line($"{v} between = {s}.ConditionalSelect({s}.GreaterThan(x, {C("3f")}), {C("1f")}, {Fma("x", C("0.33333333f"), C("0.5f"))});");
                    writer.Line($"return {s}.ConditionalSelect({s}.LessThan(x, {C("-3f")}), {isa.Zero}, between);");
                }
                break;
            case VectorFunction.Softplus:
                Head("ln(1 + e^(βx)) / β as (max(βx, 0) + ln(1 + e^−|βx|)) / β, which cannot overflow; x itself where βx exceeds the threshold.");
                using (writer.Block($"private static {v} Softplus_{isa.Suffix}({v} x, {v} beta, {v} inverse, {v} threshold)"))
                {
                    writer.Line($"{v} scaled = beta * x;");
                    writer.Line($"{v} soft = ({Max(isa.Zero, "scaled")} + {names.Math(VectorFunction.Log1p)}({names.Math(VectorFunction.Exp)}(-{s}.Abs(scaled)))) * inverse;");
                    writer.Line($"return {s}.ConditionalSelect({s}.GreaterThan(scaled, threshold), x, soft);");
                }
                break;
            default:
                throw new NotSupportedException($"No vector form of {function}.");
        }
        return writer.ToString();

        void Head(string summary, string? remarks = null)
        {
            writer.Line($"/// <summary>{XmlText.Escape(summary)}</summary>");
            if (remarks is not null)
                writer.Line($"/// <remarks>{XmlText.Escape(remarks)}</remarks>");
            writer.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
        }

        // power = eˣ · 2^bias within the bounds, between which that is a normal number; beyond them the value there.
        void EmitExponential(string lowest, string highest, int bias)
        {
            EmitReduction(lowest, highest, bias);
            writer.Line($"{v} p = {Fma("r", C("1.38888889e-3f"), C("8.33333333e-3f"))};");
            foreach (string coefficient in new[] { "4.16666667e-2f", "1.66666667e-1f", "0.5f", "1f", "1f" })
                writer.Line($"p = {Fma("p", "r", C(coefficient))};");
            writer.Line($"{v} power = (p.AsInt32() + {s}.ShiftLeft(shifted.AsInt32(), 23)).AsSingle();");
        }

        // x = n ln 2 + r, with n + bias in the low bits of shifted.
        void EmitReduction(string lowest, string highest, int bias)
        {
            writer.Line($"x = {Min(C(highest), Max(C(lowest), "x"))};");
            // Adding 1.5 · 2²³ rounds to the nearest integer, and leaves it in the low bits.
            string toInteger = C(Literals.Float(12582912 + bias));
            writer.Line($"{v} shifted = {Fma("x", C("1.44269504f"), toInteger)}, n = shifted - {toInteger};");
            writer.Line($"{v} r = {Fma("n", C("-0.693145752f"), "x")};");
            writer.Line($"r = {Fma("n", C("-1.42860677e-6f"), "r")};");
        }
    }
}
