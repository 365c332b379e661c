using System.Runtime.Intrinsics;
using NetGen.CompilerServices;

namespace NetGen.Runtime.Tests;

/// <summary>The vectors that functions of the user's compute with, at every width that runs here.</summary>
public sealed class VectorTests
{
    private static readonly float[] s_numbers =
    [
        0, -0f, 1, -1, 0.5f, -2.5f, 3, 1e-3f, -1e-3f, 20, -20, 60, -60, 87, 1e-30f, 1e30f, -1e30f, float.Epsilon, float.MaxValue,
        float.PositiveInfinity, float.NegativeInfinity, float.NaN,
    ];

    [Fact]
    public void Vectors_of_128_bits() => Check<FloatVector128>(v => v.Values.ToScalar(), v => v.Values.GetElement(3));

    [Fact]
    public void Vectors_of_256_bits()
    {
        if (VectorSupport.IsSupported(VectorWidth.Vector256))
            Check<FloatVector256>(v => v.Values.ToScalar(), v => v.Values.GetElement(7));
    }

    [Fact]
    public void Vectors_of_512_bits()
    {
        if (VectorSupport.IsSupported(VectorWidth.Vector512))
            Check<FloatVector512>(v => v.Values.ToScalar(), v => v.Values.GetElement(15));
    }

    private static void Check<V>(Func<V, float> first, Func<V, float> last)
        where V : struct, IVector<V>
    {
        foreach (float x in s_numbers)
        {
            CheckFunctions(x);
            foreach (float y in s_numbers)
                CheckOperators(x, y);
        }

        void CheckOperators(float x, float y)
        {
            V a = x, b = y;
            Same(x + y, a + b, "+");
            Same(x - y, a - b, "-");
            Same(x * y, a * b, "*");
            Same(x / y, a / b, "/");
            Same(MathF.Max(x, y), V.Max(a, b), "Max");
            Same(MathF.Min(x, y), V.Min(a, b), "Min");
            Near(MathF.CopySign(x, y), V.CopySign(a, b), 0, "CopySign");
            Same(x < y ? 1 : 2, Choose(a < b), "<");
            Same(x <= y ? 1 : 2, Choose(a <= b), "<=");
            Same(x > y ? 1 : 2, Choose(a > b), ">");
            Same(x >= y ? 1 : 2, Choose(a >= b), ">=");
            Same(x == y ? 1 : 2, Choose(a == b), "==");
            Same(x != y ? 1 : 2, Choose(a != b), "!=");
            Same(x < y && x > 0 ? 1 : 2, Choose((a < b) & (a > 0)), "&");
            Same(x < y || x > 0 ? 1 : 2, Choose((a < b) | (a > 0)), "|");
            Same(!(x < y) ? 1 : 2, Choose(~(a < b)), "~");

            void Same(float expected, V actual, string what) => Near(expected, actual, 0, $"{x:R} {what} {y:R}");
        }

        void CheckFunctions(float x)
        {
            V v = x;
            Near(-x, -v, 0, $"-{x:R}");
            Near(float.IsNaN(x) ? 1 : 2, Choose(V.IsNaN(v)), 0, $"IsNaN({x:R})");
            Near(MathF.Abs(x), V.Abs(v), 0, $"Abs({x:R})");
            Near(MathF.Sqrt(x), V.Sqrt(v), 0, $"Sqrt({x:R})");
            Near(float.IsNaN(x) ? x : Math.Clamp(x, -1, 2), V.Clamp(v, -1, 2), 0, $"Clamp({x:R})");
            Near(Math.Exp(x), V.Exp(v), 5e-7, $"Exp({x:R})");
            if (!(Math.Abs(x) > 87))
                Near(Math.Abs(x) < 1e-5 ? x : Math.Exp(x) - 1, V.ExpM1(v), 1e-6, $"ExpM1({x:R})");
            Near(Math.Log(x), V.Log(v), 5e-7, $"Log({x:R})");
            Near(1 / (1 + Math.Exp(-x)), V.Sigmoid(v), 5e-7, $"Sigmoid({x:R})");
            Near(x > 30 ? x : x < -15 ? Math.Exp(x) : Math.Log(1 + Math.Exp(x)), V.Softplus(v), 5e-7, $"Softplus({x:R})");
            Near(Math.Tanh(x), V.Tanh(v), 5e-7, $"Tanh({x:R})");
            if (float.IsNaN(x) || Math.Abs(x) is 0 or 1 or >= 20)
                Near(float.IsNaN(x) ? x : Math.Sign(x) * (Math.Abs(x) == 1 ? 0.84270079295 : 1), V.Erf(v), 5e-7, $"Erf({x:R})");
            if (!(Math.Abs(x) > 8192) || !float.IsFinite(x))
            {
                Near(Math.Sin(x), V.Sin(v), 5e-7, $"Sin({x:R})");
                Near(Math.Cos(x), V.Cos(v), 5e-7, $"Cos({x:R})");
            }
            // Twice rounded or once.
            if (Math.Abs(x) < 1e15)
                Near((double)x * x + 0.5, V.MultiplyAddEstimate(v, v, 0.5f), 2e-7, $"MultiplyAddEstimate({x:R})");
            Assert.True(v.Equals((object)(V)x));
            Assert.Equal(v.GetHashCode(), ((V)x).GetHashCode());
        }

        V Choose(V mask) => V.ConditionalSelect(mask, 1, 2);

        void Near(double expected, V vector, double relative, string what)
        {
            foreach (float actual in new[] { first(vector), last(vector) })
            {
                bool isNear = double.IsNaN(expected) ? float.IsNaN(actual)
                    : double.IsInfinity((float)expected) ? actual == (float)expected
                    : Math.Abs(actual - expected) <= relative * Math.Abs(expected) + (relative == 0 ? 0 : 3e-45);
                Assert.True(isNear, $"{what} is {actual:R}, expected {expected:R}.");
            }
        }
    }
}
