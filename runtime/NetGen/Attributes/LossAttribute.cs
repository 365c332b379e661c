namespace NetGen;

/// <summary>
/// Base of the attributes that name the losses a network is trained with. They stand behind the last layer, at most one for each output;
/// what the losses of a batch come to is added up.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public abstract class LossAttribute : Attribute
{
    /// <summary>What the loss counts beside others: it is multiplied by this; 1 by default.</summary>
    public double Factor { get; set; } = 1;
}
