using NetGen.Conformance.Tests.Harness;
using NetGen.Conformance.Tests.Model;

namespace NetGen.Conformance.Tests.Behaviour;

/// <summary>From where attention's tensors start: PyTorch's bounds, and what DeepNorm makes of them.</summary>
public sealed class AttentionStartTests
{
    [Fact]
    public void Products_for_queries_keys_and_values_start_as_in_PyTorch()
    {
        IReadOnlyList<Parameter> tensors = Start("in@m:9x40 in@x:5x64 mha@a:4 mha@b:4,key=m out:y mse:of=y");
        Check("a.in_proj_weight", Math.Sqrt(6.0 / (64 + 3 * 64)));
        Check("b.q_proj_weight", Math.Sqrt(6.0 / (64 + 64)));
        Check("b.k_proj_weight", Math.Sqrt(6.0 / (64 + 40)));
        Check("b.v_proj_weight", Math.Sqrt(6.0 / (64 + 40)));
        Check("a.out_proj.weight", 1 / Math.Sqrt(64));
        foreach (string name in new[] { "a.in_proj_bias", "a.out_proj.bias", "b.in_proj_bias", "b.out_proj.bias" })
            Assert.All(tensors.Single(tensor => tensor.Name == name).ToArray(), value => Assert.Equal(0, value));

        void Check(string name, double bound)
        {
            float[] values = tensors.Single(tensor => tensor.Name == name).ToArray();
            Assert.All(values, value => Assert.InRange(value, -bound, bound));
            // Of thousands of numbers some are near the bound.
            Assert.InRange(values.Max(Math.Abs), 0.99 * bound, bound);
        }
    }

    [Fact]
    public void DeepNorm_scales_the_start_of_all_weights_but_those_of_queries_and_keys()
    {
        IReadOnlyList<Parameter> plain = Start("in:5x32 enc@e:32,heads4,ff48,drop0 mse"),
            deep = Start("in:5x32 enc@e:32,heads4,ff48,drop0,deep6 mse");
        float gain = (float)Math.Pow(8 * 6, -0.25);
        foreach ((Parameter usual, Parameter scaled) in plain.Zip(deep))
        {
            Assert.Equal(usual.Name, scaled.Name);
            bool isWeight = usual.Shape.Length == 2;
            float[] expected = usual.ToArray();
            int first = !isWeight ? expected.Length : usual.Name.EndsWith("in_proj_weight", StringComparison.Ordinal) ? 2 * 32 * 32 : 0;
            for (int i = first; i < expected.Length; i++)
                expected[i] *= gain;
            Assert.Equal(expected, scaled.ToArray());
        }
    }

    private static IReadOnlyList<Parameter> Start(string text) => CompiledNetworks.Of(Stack.Parse(text)).Create(3).Parameters;
}
