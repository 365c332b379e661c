namespace NetGen;

/// <summary>
/// Base of the attributes that name the losses a network is trained with. They stand behind the last layer, at most one for each output;
/// what the losses of a batch come to is added up.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public abstract class LossAttribute : Attribute
{
    /// <summary>The output that is compared with a target; null, the default, where the network has only one.</summary>
    public string? Of { get; set; }

    /// <summary>What the loss counts beside others: it is multiplied by this; 1 by default.</summary>
    public double Factor { get; set; } = 1;
}
