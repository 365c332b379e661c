using System.Reflection;

namespace NetGen.Runtime.Tests;

/// <summary>That the declarations compile as users write them, and what they come to. No generator runs in this project.</summary>
public class AttributeTests
{
    [Network(1, 28, 28)]
    [Conv2d(1, 32, 7, Padding = 3), ReLU, MaxPool2d(2)]
    [Conv2d(32, 64, 5, 2, 1, Bias = false, Name = "second"), Sigmoid]
    [Conv2d(64, 8, [15, 16]), Conv2d(8, 8, [3, 5], [2, 1], [1, 2])]
    [Conv2d(8, 3), Conv2d(8, [3, 1], Stride = new[] { 1, 2 }, Padding = 2)]
    [MaxPool2d(3, 2), MaxPool2d(3, 2, 1, CeilMode = true), MaxPool2d([3, 2]), MaxPool2d([3, 2], [2, 1], [1, 1])]
    [AvgPool2d(3, Stride = 2, Padding = new[] { 1, 0 }, CountIncludePad = false), AvgPool2d(2, 1)]
    [Dropout2d(0.25), Dropout, Tanh, GELU, GELU("tanh"), GELU(Approximate = "tanh"), Residual<Block>]
    [Flatten, Linear(3136, 128), Linear(10), Linear(10, 10, false), Linear(10, Bias = false), Softmax]
    [CrossEntropyLoss]
    private sealed class Everything;

    [Block, ReLU]
    private sealed class Block;

    private static T[] All<T>() where T : Attribute => typeof(Everything).GetCustomAttributes<T>().ToArray();

    [Fact]
    public void Arguments_arrive()
    {
        Assert.Equal([1, 28, 28], All<NetworkAttribute>().Single().InputShape);
        Conv2dAttribute[] convolutions = All<Conv2dAttribute>();
        Assert.Equal([1, 32, 64, 8, null, null], convolutions.Select(c => c.InChannels));
        Assert.Equal([32, 64, 8, 8, 8, 8], convolutions.Select(c => c.OutChannels));
        Assert.Equal([[7, 7], [5, 5], [15, 16], [3, 5], [3, 3], [3, 1]], convolutions.Select(c => c.KernelSize));
        Assert.Equal([1, 2, null, new[] { 2, 1 }, null, new[] { 1, 2 }], convolutions.Select(c => c.Stride));
        Assert.Equal([3, 1, null, new[] { 1, 2 }, null, 2], convolutions.Select(c => c.Padding));
        Assert.Equal([true, false, true, true, true, true], convolutions.Select(c => c.Bias));
        Assert.Equal([null, "second", null, null, null, null], convolutions.Select(c => c.Name));

        MaxPool2dAttribute[] pools = All<MaxPool2dAttribute>();
        Assert.Equal([[2, 2], [3, 3], [3, 3], [3, 2], [3, 2]], pools.Select(p => p.KernelSize));
        Assert.Equal([null, 2, 2, null, new[] { 2, 1 }], pools.Select(p => p.Stride));
        Assert.Equal([null, 0, 1, null, new[] { 1, 1 }], pools.Select(p => p.Padding));
        Assert.Equal([false, false, true, false, false], pools.Select(p => p.CeilMode));
        Assert.Equal([false, true], All<AvgPool2dAttribute>().Select(p => p.CountIncludePad));

        Assert.Equal(0.25, All<Dropout2dAttribute>().Single().P);
        Assert.Equal(0.5, All<DropoutAttribute>().Single().P);
        Assert.Equal(["none", "tanh", "tanh"], All<GELUAttribute>().Select(g => g.Approximate));
        Assert.Single(All<ResidualAttribute<Block>>());
        Assert.Single(All<LossAttribute>());
    }

    [Fact]
    public void A_budget_sets_no_limit_that_is_not_written()
    {
        var budget = new BudgetAttribute { MaxParameters = 5_000 };
        Assert.Equal((5_000, long.MaxValue, long.MaxValue), (budget.MaxParameters, budget.MaxActivationBytes, budget.MaxMultiplyAdds));
    }

    [Fact]
    public void Linear_has_pytorchs_defaults()
    {
        LinearAttribute[] layers = All<LinearAttribute>();
        Assert.Equal([(3136, 128, true), (null, 10, true), (10, 10, false), (null, 10, false)],
            layers.Select(l => (l.InFeatures, l.OutFeatures, l.Bias)));
    }

    [Fact]
    public void Layers_and_losses_may_stand_several_times_on_a_class_and_none_is_inherited()
    {
        Type[] attributes =
            typeof(NetworkAttribute).Assembly.GetExportedTypes().Where(type => type.IsSubclassOf(typeof(Attribute))).ToArray();
        Assert.True(attributes.Length >= 18);
        foreach (Type type in attributes)
        {
            AttributeUsageAttribute usage = type.GetCustomAttribute<AttributeUsageAttribute>()!;
            Assert.Equal(AttributeTargets.Class, usage.ValidOn);
            Assert.False(usage.Inherited);
            Assert.Equal(typeof(LayerAttribute).IsAssignableFrom(type) || typeof(LossAttribute).IsAssignableFrom(type)
                || type == typeof(InitializeAttribute), usage.AllowMultiple);
            Assert.True(type.IsSealed || type.IsAbstract);
        }
    }

    [Fact]
    public void What_generated_code_calls_is_hidden_from_completion()
    {
        foreach (Type type in typeof(NetworkAttribute).Assembly.GetExportedTypes())
        {
            var browsable = type.GetCustomAttribute<System.ComponentModel.EditorBrowsableAttribute>();
            Assert.Equal(type.Namespace == "NetGen.CompilerServices", browsable?.State == System.ComponentModel.EditorBrowsableState.Never);
        }
    }
}
